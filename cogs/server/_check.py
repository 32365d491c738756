"""How the sending fares, for managers: nothing in it is any member's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import discord

from bot.scheduling.invalid_requests import ENOUGH
from bot.services.servers import Sending
from bot.storage.servers import ServerSettings
from cogs._ui.cards import Card, Meaning, card
from cogs._ui.channels import HOW_TO_ALLOW, can_post
from cogs._ui.times import stamp

WELL_SECONDS = 60.0
"""The due loop looks every 15 seconds."""
SLOW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class SendingState:
    """Hold what the check shows."""

    tick_age: float
    """Real seconds since the due loop last looked."""
    invalid: int
    """Requests that Discord counts towards a ban, in ten minutes."""
    sending: Sending


def channel_problems(guild: discord.Guild, settings: ServerSettings, countdowns: Sequence[int]) -> list[str]:
    """Return what is wrong with the channels that the bot writes in by itself, in Discord's own words."""
    problems: list[str] = []
    nudges = settings.nudge_channel_id
    if nudges is not None and guild.get_channel(nudges) is None:
        problems.append("The channel of nudges is gone. Choose another one with /server setup.")
    elif nudges is not None and not can_post(guild, nudges):
        problems.append(f"I can't write in <#{nudges}>, where nudges go: {HOW_TO_ALLOW}")
    problems += [
        f"I can't renew the countdown in <#{channel_id}>: {HOW_TO_ALLOW}"
        for channel_id in countdowns
        if guild.get_channel(channel_id) is not None and not can_post(guild, channel_id)
    ]
    return problems


def check_card(state: SendingState, now: datetime, problems: Sequence[str]) -> Card:
    """Return how the sending fares: what is wrong first, with how it is mended."""
    faults = list(problems)
    if state.tick_age > WELL_SECONDS:
        faults.append("The sending has not looked for work for more than a minute. Whoever runs this bot should look at its log.")
    overdue = state.sending.oldest_overdue
    if overdue is not None and now - overdue > SLOW:
        faults.append(f"Something has waited since {stamp(overdue, 'f')}. It is tried again until it can be sent; nothing is lost.")
    if state.invalid >= ENOUGH:
        faults.append(f"Discord refused {state.invalid:,} requests in ten minutes, so what is not urgent waits.")
    next_due = stamp(state.sending.next_due, "R") if state.sending.next_due else "nothing is planned"
    lines = [
        f"**Last looked for work:** {state.tick_age:.0f} s ago",
        f"**Waiting longest:** {stamp(overdue, 'R') if overdue else 'nothing is overdue'}",
        f"**Next:** {next_due}",
        f"**Refused by Discord in ten minutes:** {state.invalid:,} (it bans at 10,000)",
    ]
    return card(
        "Something needs mending" if faults else "All is well",
        "\n".join(f"- {fault}" for fault in faults),
        "\n".join(lines),
        meaning=Meaning.ATTENTION if faults else Meaning.DONE,
        quiet="Over all servers together; nothing of any member is shown.",
    )
