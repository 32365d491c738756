"""How the sending fares, for managers: nothing in it is any member's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import discord

from bot.domain.broadcast import Broadcast
from bot.domain.member import DirectMessages
from bot.domain.servers import ServerSettings
from bot.errors import UserFacingError
from bot.scheduling.invalid_requests import ENOUGH
from bot.services.bundle import Services
from bot.services.servers import Sending
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, Meaning, card, plain, send_card, shortened
from cogs._ui.channels import HOW_TO_ALLOW, can_post
from cogs._ui.staff import require_manager
from cogs._ui.times import stamp
from cogs.server._setup import CHANNELS

WELL_SECONDS = 60.0
"""The due loop looks every 15 seconds."""
SLOW = timedelta(minutes=5)
PLANNED = 5
REFUSED = "Discord refused it: your direct messages are closed to this bot."


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
    for name, (title, _) in CHANNELS.items():
        channel_id = getattr(settings, name)
        if channel_id is not None and guild.get_channel(channel_id) is None:
            problems.append(f"The channel under {title} is gone. Choose another one with /server setup.")
        elif channel_id is not None and not can_post(guild, channel_id):
            problems.append(f"I can't write in <#{channel_id}>, set under {title}: {HOW_TO_ALLOW}")
    there = {role.id for role in guild.roles}
    gone = len((settings.moderator_roles | settings.advisor_roles) - there)
    if gone:
        problems.append(f"{gone} of the chosen roles are gone. Choose the roles anew with /server setup.")
    problems += [
        f"I can't renew the countdown in <#{channel_id}>: {HOW_TO_ALLOW}"
        for channel_id in countdowns
        if guild.get_channel(channel_id) is not None and not can_post(guild, channel_id)
    ]
    return problems


def question_problems(unposted: Sequence[str]) -> list[str]:
    """Return that questions have no entry in the advisors' channel, and why Discord refused the newest."""
    if not unposted:
        return []
    what = "1 question waits" if len(unposted) == 1 else f"{len(unposted):,} questions wait"
    return [f"{what} without an entry in the advisors' channel; /advisor queue has it all the same. {unposted[-1]}"]


class TestMessage(Action, prefix="server:test"):
    """Send a message to the one who asks, to see that direct messages arrive."""

    async def act(self, interaction: Interaction) -> None:
        """Send it as any other, and say whether it arrived."""
        require_manager(interaction)
        services: Services = interaction.client.services
        member = await services.members.get(interaction.user.id)
        if member.direct_messages is DirectMessages.OFF:
            raise UserFacingError("You have not allowed direct messages.", "Allow them with /remind settings; then press this again.")
        await interaction.response.defer(ephemeral=True, thinking=True)
        member = await services.members.agree_to_messages(interaction.user.id)
        arrived = member.direct_messages is DirectMessages.ON
        text = "It arrived: look into your direct messages." if arrived else REFUSED
        await send_card(interaction, card("The test", text, meaning=Meaning.DONE if arrived else Meaning.ATTENTION))


def check_card(state: SendingState, now: datetime, problems: Sequence[str], planned: Sequence[Broadcast] = ()) -> Card:
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
    ahead = sorted((each.send_at, each.title) for each in planned if each.send_at is not None and each.send_at > now)
    lines += [f"**Planned notice:** {plain(shortened(name, 80))}, {stamp(at, 'f')}" for at, name in ahead[:PLANNED]]
    return card(
        "Something needs mending" if faults else "All is well",
        "\n".join(f"- {fault}" for fault in faults),
        "\n".join(lines),
        meaning=Meaning.ATTENTION if faults else Meaning.DONE,
        rows=[[TestMessage(label="Send a test message to me")]],
        quiet="The sending is counted over all servers together; nothing of any member is shown.",
    )


ITEMS = (TestMessage,)
