"""``/mydata``: what is stored of a member, shown, handed over and erased."""

import io
from collections.abc import Mapping
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.client import MatchdayClient
from bot.domain.member import Member
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card
from cogs._ui.times import stamp
from cogs._ui.words import NOT_SET, countries_in_words, messages_in_words, year_in_words

STORED = (
    "Your Discord id, the id of our conversation, and what you told me: time zone, where you apply, target year, whether I may send you "
    "messages and since when; the reminders that you set, each with the server where you did; the messages that were due for you, and "
    "what became of each; eligibility answers, if you pressed Save; letters, rotations, programs and rank order lists that you noted; "
    "rounds of interview practice; your calendar feed, if you made one; interview invitations that you reported to a server; the "
    "questions that you asked advisors, and what you answered as one; slots that you booked or offer; the notices and the answers of "
    "/faq that you wrote for a server."
)
NOT_STORED = "I don't read or keep what is written in servers, nor your name, your scores, Letter IDs or your documents."
WHERE = (
    "In the database of whoever runs this bot. Your zone, your countries, your answers and all that you wrote are encrypted there, "
    "with a key that lies outside the database. Ids, states, dates and your target year are not, so that a reminder can be found "
    "when it is due."
)
HOW_LONG = (
    "Until you erase it: nothing is deleted by itself but drafts, and nothing is passed on but the questions that you send, and your "
    "reports of invitations as one of a number. Backups may hold a copy until they are replaced."
)
NOTHING = "Nothing is stored of you."
ERASE_GOES = (
    "What goes, at once and for good: your settings, your consent to messages, every reminder, your answers, letters, rotations, programs "
    "and rank order lists, your rounds of interview practice, your calendar feed, your reports of interview invitations, your questions to "
    "advisors, which are taken out of their channel too, your places in slots and the slots that you offer, of which the other side is "
    "told without your name, and all that waits to be sent or waits in your inbox. Nothing that was pending will be sent."
)
ERASE_STAYS = (
    "What stays: messages that you have already received, in your conversation with me; you can delete those in Discord. "
    "Notices and answers that you wrote for a server stay there, without your name, and so do answers that advisors gave you."
)
ERASED = "All that was stored of you is erased, and nothing will be sent to you."
ERASED_HINT = "/start begins anew, if you ever wish to."
KEPT = "Nothing was erased."

COUNTED = {
    "reminders": ("reminder", "reminders"),
    "messages": ("message", "messages"),
    "eligibility": ("set of eligibility answers", "sets of eligibility answers"),
    "letter_plan": ("letter plan", "letter plans"),
    "letters": ("letter", "letters"),
    "letter_steps": ("step of a letter", "steps of letters"),
    "letter_assignments": ("assignment of a letter", "assignments of letters"),
    "rotations": ("rotation", "rotations"),
    "practice": ("round of practice", "rounds of practice"),
    "programs": ("program", "programs"),
    "rank_lists": ("rank order list", "rank order lists"),
    "calendar_feed": ("calendar feed", "calendar feeds"),
    "interview_reports": ("report of an interview invitation", "reports of interview invitations"),
    "questions": ("question to advisors", "questions to advisors"),
    "question_claims": ("question that you took on", "questions that you took on"),
    "question_messages": ("message about a question", "messages about questions"),
    "slot_bookings": ("booking of a slot", "bookings of slots"),
    "slots": ("slot that you offer", "slots that you offer"),
    "slot_drafts": ("offer not yet made", "offers not yet made"),
    "broadcasts": ("notice", "notices"),
    "server_answers": ("answer kept for a server", "answers kept for a server"),
    "server_dates": ("date confirmed for a server", "dates confirmed for a server"),
}
"""What is counted, in the order in which it is said: one, several."""


def counts_in_words(counts: Mapping[str, int]) -> str:
    """Return what there is of each kind: ``your settings, 3 reminders and 1 message``."""
    names = [*(name for name in COUNTED if name in counts), *(name for name in counts if name not in COUNTED and name != "settings")]
    parts = ["your settings"] if counts.get("settings") else []
    parts += [_counted(name, counts[name]) for name in names if counts[name]]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts) or "nothing"


def _counted(name: str, count: int) -> str:
    one, several = COUNTED.get(name, (name, name))
    return f"{count:,} {one if count == 1 else several}"


class ShowData(Action, prefix="mydata:show"):
    """Show what is stored, from another card."""

    async def act(self, interaction: Interaction) -> None:
        """Show it."""
        await send_card(interaction, await stored_card(interaction.client.services, interaction.user.id))


class ExportData(Action, prefix="mydata:export"):
    """Hand over what is stored, from another card."""

    async def act(self, interaction: Interaction) -> None:
        """Send the file."""
        await send_export(interaction)


class AskErase(Action, prefix="mydata:ask"):
    """Say what erasing means, from another card."""

    async def act(self, interaction: Interaction) -> None:
        """Ask before anything goes."""
        await send_card(interaction, await erase_card(interaction.client.services, interaction.user.id))


class EraseAll(Action, prefix="mydata:erase"):
    """Erase all that is stored of the one who clicks."""

    async def act(self, interaction: Interaction) -> None:
        """Erase it, and say what went; a second click finds nothing and says the same."""
        await interaction.response.defer()
        counts = await interaction.client.services.mydata.erase(interaction.user.id)
        gone = f"Gone: {counts_in_words(counts)}." if any(counts.values()) else NOTHING
        await send_card(interaction, card("Erased", ERASED, gone, meaning=Meaning.DONE, quiet=ERASED_HINT), edit=True)


class KeepAll(Action, prefix="mydata:keep"):
    """Leave everything as it is."""

    async def act(self, interaction: Interaction) -> None:
        """Say so."""
        view = card("Kept", KEPT, meaning=Meaning.DONE, quiet="/mydata show lists what is stored.")
        await send_card(interaction, view, edit=True)


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class MyData(commands.GroupCog, name="mydata", description="What is stored of you"):
    """Let a member see, take and erase what is stored of her."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="show", description="What is stored of you, where, and how long")
    async def show(self, interaction: discord.Interaction[Any]) -> None:
        """Show it in words and numbers."""
        await send_card(interaction, await stored_card(self._services, interaction.user.id))

    @app_commands.command(name="export", description="All that is stored of you, as a file")
    async def export(self, interaction: discord.Interaction[Any]) -> None:
        """Send the file."""
        await send_export(interaction)

    @app_commands.command(name="erase", description="Erase all that is stored of you; asks first")
    async def erase(self, interaction: discord.Interaction[Any]) -> None:
        """Ask before anything goes."""
        await send_card(interaction, await erase_card(self._services, interaction.user.id))


async def send_export(interaction: Interaction) -> None:
    """Send all that is stored of the one who asks, as a JSON file that only she sees."""
    services: Services = interaction.client.services
    await interaction.response.defer(ephemeral=True, thinking=True)
    data = await services.mydata.export(interaction.user.id)
    name = f"matchday-{services.clock.now():%Y-%m-%d}.json"
    view = card(
        "Your data",
        "All that is stored of you is in this file, in readable form. Times are in UTC.",
        meaning=Meaning.YOURS,
        quiet="The file is JSON, which every text editor opens. Only you can see this message.",
    )
    view.container.add_item(ui.File(f"attachment://{name}"))
    await send_card(interaction, view, file=discord.File(io.BytesIO(data), filename=name))


async def stored_card(services: Services, member_id: int) -> Card:
    """Return what is stored of a member, in words and numbers."""
    counts = await services.mydata.summary(member_id)
    if not any(counts.values()):
        return card("Your data", NOTHING, f"**What could be:** {STORED}", f"**What never is:** {NOT_STORED}", meaning=Meaning.YOURS)
    member = await services.members.get(member_id)
    return card(
        "Your data",
        f"**Stored of you:** {counts_in_words(counts)}.\n{_settings(member)}",
        f"**What it is:** {STORED} {NOT_STORED}",
        f"**Where:** {WHERE}",
        f"**How long:** {HOW_LONG}",
        meaning=Meaning.YOURS,
        rows=[[ExportData(label="Export as a file"), AskErase(label="Erase")]],
        quiet="/start changes the settings; /remind list shows the reminders.",
    )


def _settings(member: Member) -> str:
    lines = [
        f"- Time zone: {member.zone or NOT_SET}",
        f"- You apply in: {countries_in_words(member)}",
        f"- You aim at: {year_in_words(member)}",
        f"- Direct messages: {messages_in_words(member)}",
    ]
    if member.consented_at is not None:
        lines.append(f"- Agreed to them: {stamp(member.consented_at, 'D')}")
    lines.append(f"- First stored: {stamp(member.created_at, 'D')}")
    return "\n".join(lines)


async def erase_card(services: Services, member_id: int) -> Card:
    """Return what erasing means for a member, with the two buttons."""
    counts = await services.mydata.summary(member_id)
    stored = f"Stored now: {counts_in_words(counts)}." if any(counts.values()) else NOTHING
    return card(
        "Erase your data",
        ERASE_GOES,
        stored,
        ERASE_STAYS,
        meaning=Meaning.ATTENTION,
        rows=[[EraseAll(label="Erase everything", style=discord.ButtonStyle.danger), KeepAll(label="Keep")]],
        quiet="There is no way back. To have a copy first, use /mydata export.",
    )


async def setup(client: MatchdayClient) -> None:
    """Add the commands and the items of their cards."""
    client.add_dynamic_items(ShowData, ExportData, AskErase, EraseAll, KeepAll)
    await client.add_cog(MyData(client.services))
