"""Hands for the cogs' tests of questions: a server with advisors, a question asked, a form filled in."""

from dataclasses import dataclass
from typing import Any

import discord
import simcord

from tests.cogs.conftest import World, components

QUESTION = "Does my J-1 waiver change which programs I can rank?"
MANAGER = 1100000000000009000
"""Who set the servers up, in the audit only."""
TOPIC, WORDS, FACTS, NAME = "Topic", "Your question", "Facts to share", "Your name"


@dataclass(frozen=True, slots=True)
class Desk:
    """Hold a server's advisors' channel, one advisor by role, and one moderator by role."""

    channel: Any
    advisor: Any
    other: Any
    """A second advisor."""
    moderator: Any
    """By her role alone; no advisor."""


async def a_desk(world: World, guild: Any = None, name: str = "hana") -> Desk:
    """Set up the channel and the roles of a server."""
    guild = guild or world.guild
    advising, moderating = guild.create_role("Advisors"), guild.create_role("Watch")
    channel = guild.create_text_channel("advisors")
    people = [
        guild.add_member(world.env.create_user(f"{name}{number}"), roles=[role])
        for number, role in enumerate((advising, advising, moderating))
    ]
    roles = {"advisor_roles": frozenset({advising.id}), "moderator_roles": frozenset({moderating.id})}
    await world.services.servers.change(guild.id, MANAGER, advisor_channel_id=channel.id, **roles)
    return Desk(channel, *people)


def fields(result: simcord.InteractionResult) -> dict[str, str]:
    """Return the custom id of each control of a form, by its label."""
    assert result.modal is not None, said(result)
    return {label["label"]: label["component"]["custom_id"] for label in result.modal["components"]}


async def fill(form: Any, who: Any, **changes: Any) -> simcord.InteractionResult:
    """Fill a form of a question in; what is not changed stands as in the tests' usual question."""
    named = fields(form)
    values = (
        {WORDS: QUESTION, TOPIC: ["visa"], NAME: "hidden"} | {FACTS: []} | {key.replace("_", " "): value for key, value in changes.items()}
    )
    return await who.submit_modal(form, {named[label]: value for label, value in values.items() if label in named})


async def preview(world: World, who: Any = None, channel: Any = None, **changes: Any) -> simcord.InteractionResult:
    """Fill ``/ask new`` in; return its preview."""
    who = who or world.amira
    return await fill(await who.slash(channel or world.general, "ask new"), who, **changes)


async def ask(world: World, who: Any = None, channel: Any = None, **changes: Any) -> simcord.InteractionResult:
    """Ask; return the receipt."""
    who = who or world.amira
    shown = await preview(world, who, channel, **changes)
    return await who.click(shown.response, label="Send")


async def say(who: Any, form: simcord.InteractionResult, words: str) -> simcord.InteractionResult:
    """Fill the only field of a form in."""
    (custom_id,) = fields(form).values()
    return await who.submit_modal(form, {custom_id: words})


async def answer(desk: Desk, words: str = "Ask the program first.", who: Any = None, number: int = 0) -> simcord.InteractionResult:
    """Answer the entry of that number."""
    who = who or desk.advisor
    return await say(who, await who.click(entries(desk)[number], label="Answer"), words)


def entries(desk: Desk) -> list[Any]:
    """Return what stands in the advisors' channel, oldest first."""
    return [message for message in desk.channel.history() if message.author.bot]


def said(result: Any) -> str:
    """Return all that an answer says to the one who acted, its first message and those after it."""
    parts = [result.response, *result.followups] if isinstance(result, simcord.InteractionResult) else [result]
    return "\n".join(each["content"] for part in parts if part is not None for each in components(part) if each["type"] == 10)


def moderators(world: World, guild: Any = None) -> Any:
    """Return a manager of a server."""
    guild = guild or world.guild
    role = guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    return guild.add_member(world.env.create_user("priya"), roles=[role])
