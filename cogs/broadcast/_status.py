"""How a notice fares: progress, pause, stop, recall, correction."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import discord
from discord import ui

from bot.domain.broadcast import MAX_TITLE, NOT_YET, Broadcast, BroadcastState
from bot.domain.delivery import DeliveryState
from bot.domain.servers import Deed
from bot.services.broadcasts import Progress
from bot.services.bundle import Services
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, plain, send_card, shortened
from cogs._ui.staff import require_moderator
from cogs._ui.times import stamp

SHOWN = 25
REASONS = 6
ROW = 5
"""How many buttons a row holds; in the middle of sending, with one channel refused, there are more."""
CORRECTION = "Correction: "
WAITS = (DeliveryState.PENDING, DeliveryState.CLAIMED)
TITLES = {
    BroadcastState.PAUSED: "Paused",
    BroadcastState.STOPPED: "Stopped",
    BroadcastState.RECALLED: "Recalled",
}


class LookAgain(Action, prefix="broadcast:look"):
    """Show how the notice in the key fares."""

    async def act(self, interaction: Interaction) -> None:
        """Show it, in place."""
        services, guild = await require_moderator(interaction)
        await send_card(interaction, await status_card(services, await services.broadcasts.progress(self.key, guild.id)), edit=True)


class OpenNotice(Choice, prefix="broadcast:open"):
    """Open one of the server's notices."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show how it fares; one that waits for approval is shown as it will be."""
        services, guild = await require_moderator(interaction)
        broadcast = await services.broadcasts.get(values[0], guild.id)
        if broadcast.state in NOT_YET:
            from cogs.broadcast._draft import preview_card

            await send_card(interaction, await preview_card(interaction, broadcast), edit=True)
            return
        await send_card(interaction, await status_card(services, await services.broadcasts.progress(broadcast.id, guild.id)), edit=True)


class TryNoticeAgain(Action, prefix="broadcast:again"):
    """Send anew what Discord refused in a channel."""

    async def act(self, interaction: Interaction) -> None:
        """Send it, and say what became of it."""
        services, guild = await require_moderator(interaction)
        await interaction.response.defer()
        await send_card(interaction, await status_card(services, await services.broadcasts.try_again(self.key, guild.id)), edit=True)


class PauseNotice(Action, prefix="broadcast:pause"):
    """Pause the notice in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Pause it, and show how it fares."""
        await _do(interaction, self.key, Deed.NOTICE_PAUSED)


class ResumeNotice(Action, prefix="broadcast:resume"):
    """Let the notice in the key go on."""

    async def act(self, interaction: Interaction) -> None:
        """Let it go on, also where its date has changed: whoever presses has looked at it; show how it fares."""
        services, guild = await require_moderator(interaction)
        await services.match_week.accept(self.key, guild.id)
        await _do(interaction, self.key, Deed.NOTICE_RESUMED)


class StopNotice(Action, prefix="broadcast:stop"):
    """Stop the notice in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Stop it, and show how it fares."""
        await _do(interaction, self.key, Deed.NOTICE_STOPPED)


class CorrectNotice(Action, prefix="broadcast:correct"):
    """Write a notice that corrects the one in the key, and links it."""

    async def act(self, interaction: Interaction) -> None:
        """Open the form, filled with what was said and where it stands."""
        from cogs.broadcast._draft import NewNotice

        services, guild = await require_moderator(interaction)
        first = await services.broadcasts.get(self.key, guild.id)
        posted = [await services.broadcasts.message_of(first, channel_id) for channel_id in first.channels]
        link = next((link_to(first, each.channel_id, each.message_id) for each in posted if each and each.message_id), "")
        title = first.title if first.title.startswith(CORRECTION) else shortened(f"{CORRECTION}{first.title}", MAX_TITLE)
        filled = replace(first, title=title, link=link, send_at=None)
        settings = await services.servers.get(guild.id)
        await interaction.response.send_modal(NewNotice(services, interaction, settings, filled, is_correction=True))


class RecallNotice(Action, prefix="broadcast:recall"):
    """Ask whether the notice in the key is to be recalled."""

    async def act(self, interaction: Interaction) -> None:
        """Say what that does."""
        services, guild = await require_moderator(interaction)
        progress = await services.broadcasts.progress(self.key, guild.id)
        view = card(
            "Recall this notice?",
            f"**{plain(progress.broadcast.title)}** is deleted from every channel and conversation where it stands "
            f"({progress.number(DeliveryState.SENT):,}), and what waits is stopped. Who has read it has read it.",
            meaning=Meaning.ATTENTION,
            rows=[[RecallSurely(self.key, label="Recall it", style=discord.ButtonStyle.danger), LookAgain(self.key, label="Keep it")]],
        )
        await send_card(interaction, view, edit=True)


class RecallSurely(Action, prefix="broadcast:delete"):
    """Recall the notice in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Delete it everywhere, and show how it fares."""
        await _do(interaction, self.key, Deed.NOTICE_RECALLED)


async def _do(interaction: Interaction, broadcast_id: str, deed: Deed) -> None:
    services, guild = await require_moderator(interaction)
    work = {
        Deed.NOTICE_PAUSED: services.broadcasts.pause,
        Deed.NOTICE_RESUMED: services.broadcasts.resume,
        Deed.NOTICE_STOPPED: services.broadcasts.stop,
        Deed.NOTICE_RECALLED: services.broadcasts.recall,
    }[deed]
    await work(broadcast_id, guild.id)
    progress = await services.broadcasts.progress(broadcast_id, guild.id)
    await services.servers.note(guild.id, interaction.user.id, deed, {"notice": progress.broadcast.title, "id": broadcast_id})
    await send_card(interaction, await status_card(services, progress), edit=True)


async def status_card(services: Services, progress: Progress) -> Card:
    """Return how a notice fares: where it stands, how many got it, what waits, what was not delivered and why."""
    broadcast = progress.broadcast
    waits, sent = progress.number(*WAITS) + progress.is_being_addressed, progress.number(DeliveryState.SENT)
    failed = progress.number(DeliveryState.PARKED, DeliveryState.CANCELLED)
    lines = [await _channel_line(services, broadcast, channel_id) for channel_id in broadcast.channels]
    # By the latest try of each channel: what was refused first and sent then is not wrong any more.
    latest = [await services.broadcasts.message_of(broadcast, channel_id) for channel_id in broadcast.channels]
    refused = sum(each is not None and each.state is DeliveryState.PARKED for each in latest)
    body = [f"**{plain(broadcast.title)}**\n" + "\n".join(lines)]
    if broadcast.is_to_members:
        body.append(_member_lines(progress))
    if refused:
        body.append("Mend that in the channel's settings under Permissions, then try again.")
    buttons = _buttons(broadcast, waits=waits, sent=sent, refused=refused)
    return card(
        _title(progress, sent, waits, failed),
        *body,
        meaning=Meaning.ATTENTION if waits or refused else Meaning.DONE,
        rows=[buttons[:ROW], buttons[ROW:]],
        quiet="It is sent once, whatever happens. Who wants notices is shown to nobody.",
    )


def _title(progress: Progress, sent: int, waits: int, failed: int) -> str:
    broadcast = progress.broadcast
    if broadcast.state in TITLES:
        return TITLES[broadcast.state]
    if broadcast.send_at is not None and not sent and not failed:
        return "Planned"
    if waits:
        return "On its way"
    return "Not sent" if failed and not sent else "Sent"


def link_to(broadcast: Broadcast, channel_id: int | None, message_id: int | None) -> str:
    """Return the address of a notice's message in a channel."""
    return f"https://discord.com/channels/{broadcast.guild_id}/{channel_id}/{message_id}"


async def _channel_line(services: Services, broadcast: Broadcast, channel_id: int) -> str:
    delivery = await services.broadcasts.message_of(broadcast, channel_id)
    where = f"<#{channel_id}>"
    if delivery is None:
        return f"{where}: not under way"
    match delivery.state:
        case DeliveryState.SENT:
            return f"{where}: stands at {link_to(broadcast, channel_id, delivery.message_id)}"
        case DeliveryState.PARKED | DeliveryState.CANCELLED:
            return f"{where}: not sent. {delivery.reason}"
        case _:
            if delivery.due_at > services.clock.now():
                return f"{where}: goes out {stamp(delivery.due_at, 'F')}"
            return f"{where}: Discord has not answered yet; it is tried again until it stands there, and never twice"


def _member_lines(progress: Progress) -> str:
    sent, waits = progress.number(DeliveryState.SENT, is_to_members=True), progress.number(*WAITS, is_to_members=True)
    reasons: Counter[str] = Counter()
    for count in progress.counts:
        if count.is_to_members and count.state in (DeliveryState.PARKED, DeliveryState.CANCELLED):
            reasons[count.reason] += count.number
    failed = sum(reasons.values())
    if progress.is_being_addressed and not sent + waits + failed:
        return "**By direct message:** not under way yet; who wants it then gets it"
    lines = [f"**By direct message:** {sent:,} sent, {waits:,} waiting, {failed:,} not delivered"]
    lines += [f"- {number:,}: {reason}" for reason, number in reasons.most_common(REASONS)]
    return "\n".join(lines)


def _buttons(broadcast: Broadcast, *, waits: int, sent: int, refused: int) -> Sequence[ui.Item[Any]]:
    key = broadcast.id
    buttons: list[ui.Item[Any]] = []
    if broadcast.state is BroadcastState.CONFIRMED:
        if refused:
            buttons.append(TryNoticeAgain(key, label="Try again"))
        if waits or (broadcast.send_at is not None and not sent):
            buttons += [PauseNotice(key, label="Pause"), StopNotice(key, label="Stop")]
    elif broadcast.state is BroadcastState.PAUSED:
        buttons += [ResumeNotice(key, label="Go on", style=discord.ButtonStyle.primary), StopNotice(key, label="Stop")]
    if sent and broadcast.state is not BroadcastState.RECALLED:
        buttons += [CorrectNotice(key, label="Correct"), RecallNotice(key, label="Recall")]
    return [*buttons, LookAgain(key, label="Look again")]


def newest_card(broadcasts: Sequence[Broadcast]) -> Card:
    """Return the server's newest notices, to open one."""
    if not broadcasts:
        return card("No notices yet", "Write one with /broadcast new.")
    options = [
        discord.SelectOption(label=shortened(" ".join(each.title.split()), 100), value=each.id, description=_in_words(each))
        for each in broadcasts[:SHOWN]
    ]
    waiting = sum(each.state is BroadcastState.WAITING for each in broadcasts)
    said = f"{waiting} wait{'s' if waiting == 1 else ''} for a second moderator." if waiting else "Choose one to see how it fares."
    return card("Notices of this server", said, rows=[[OpenNotice(options=options, placeholder="A notice")]])


def _in_words(broadcast: Broadcast) -> str:
    state = "waits for approval" if broadcast.state is BroadcastState.WAITING else broadcast.state.value
    return f"{state}, {broadcast.created_at.day} {broadcast.created_at:%b %Y}"


ITEMS = (LookAgain, OpenNotice, TryNoticeAgain, PauseNotice, ResumeNotice, StopNotice, CorrectNotice, RecallNotice, RecallSurely)
