"""How the sending fares, for managers: nothing in it is any member's."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.scheduling.invalid_requests import ENOUGH
from bot.services.servers import Sending
from bot.storage.servers import ServerSettings
from cogs._ui.actions import Interaction
from cogs._ui.cards import Card, Meaning, card
from cogs._ui.times import stamp
from cogs.server._setup import NEEDED

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


def nudges_problem(interaction: Interaction, settings: ServerSettings) -> str:
    """Return what is wrong with the channel of nudges, in Discord's own words, or nothing."""
    if settings.nudge_channel_id is None or interaction.guild is None:
        return ""
    channel = interaction.guild.get_channel(settings.nudge_channel_id)
    if channel is None:
        return "The channel of nudges is gone. Choose another one with /server setup."
    if not channel.permissions_for(interaction.guild.me).is_superset(NEEDED):
        return f"I can't write in {channel.mention}. Channel settings, Permissions, add Matchday, allow View Channel and Send Messages."
    return ""


def check_card(state: SendingState, now: datetime, problem: str) -> Card:
    """Return how the sending fares: what is wrong first, with how it is mended."""
    faults = [problem] if problem else []
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
