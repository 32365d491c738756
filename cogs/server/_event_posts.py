"""How a scheduled event is carried to Discord: looked for, made, changed, taken down; done twice it shows the same as done once."""

import asyncio
import logging
from datetime import timedelta
from weakref import WeakValueDictionary

import discord

from bot.client import MatchdayClient
from bot.domain.delivery import Delivery, DeliveryKind
from bot.domain.server_events import EventState, Face, ServerEvent, Trouble
from bot.scheduling.outbox import Outcome, Refused, Sent, Unwanted
from bot.services.server_events import ServerEventService
from bot.storage.server_events import LOOK
from cogs._ui.posts import posts
from cogs.server._event_requests import FINISHED, UNKNOWN_EVENT, create_event, delete_event, edit_event, list_events

log = logging.getLogger(__name__)

SOONEST = timedelta(minutes=1)
"""Discord takes no event that begins in the past: one that should have begun already begins so much later."""
TROUBLES = {
    50013: Trouble.PERMISSION,
    50001: Trouble.PERMISSION,
    30038: Trouble.FULL,
    10003: Trouble.PLACE,
    50024: Trouble.PLACE,
}
_in_line: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
"""One at a time in a server: two at once would both look for an event, find none, and both make it."""


@posts(DeliveryKind.SERVER_EVENT)
async def keep_event(client: MatchdayClient, delivery: Delivery) -> Outcome:
    """Bring one event into step, or look at what Discord shows in a server."""
    assert delivery.guild_id is not None  # noqa: S101 - an event is a server's
    lock = _in_line.get(delivery.guild_id) or _in_line.setdefault(delivery.guild_id, asyncio.Lock())
    async with lock, client.services.server_events.line(delivery.guild_id):
        if delivery.source == LOOK:
            return await _look(client, delivery.guild_id)
        events = client.services.server_events
        event = await events.find(delivery.source_id)
        if event is None:
            return Unwanted("The event is not kept any more.")
        try:
            await _keep(client, event)
        except discord.HTTPException as error:
            if error.code not in TROUBLES and not 400 <= error.status < 429:
                raise
            # Without its text, which can repeat what a moderator wrote.
            log.warning("Discord refused event %s with HTTP %s, code %s", event.id, error.status, error.code)
            await events.refused(event, TROUBLES.get(error.code, Trouble.REFUSED))
            return Refused(f"Discord refused the event with code {error.code}.")
    return Sent(message_id=0, channel_id=0)


async def _keep(client: MatchdayClient, event: ServerEvent) -> None:
    events = client.services.server_events
    face, now = events.face(event), client.services.clock.now()
    if event.state in (EventState.DRAFT, EventState.GONE):
        return
    if event.state is EventState.ENDING:
        await _take_away(client, event)
        await events.over(event)
    elif face is None:
        await _take_away(client, event)
        await events.taken_away(event)
    elif face.ends <= now + SOONEST:
        await _end(client, event)
    elif event.discord_id is None:
        await _make(client, event, face)
    elif event.shown != face.fingerprint:
        await _change(client, event, face)


async def _make(client: MatchdayClient, event: ServerEvent, face: Face) -> None:
    """Make it, unless an attempt whose outcome was not known made it already: then show that one as it is now."""
    events, now = client.services.server_events, client.services.clock.now()
    shown = face.not_before(now + SOONEST)
    found = await _marked(client, event)
    if not found:
        await events.stands(event, await create_event(client, event.guild_id, shown), face, shown.starts)
        return
    for twice in found[1:]:
        await delete_event(client, event.guild_id, twice)
    await edit_event(client, event.guild_id, found[0], shown, has_begun=False)
    await events.stands(event, found[0], face, shown.starts)


async def _change(client: MatchdayClient, event: ServerEvent, face: Face) -> None:
    """Show it as it is now; one that has begun and is put off is made anew, for Discord moves no event that has begun."""
    assert event.discord_id is not None  # noqa: S101 - asked by the caller
    events, now = client.services.server_events, client.services.clock.now()
    has_begun = event.shown_from is not None and event.shown_from <= now
    if has_begun and face.starts > now:
        await _take_away(client, event)
        await events.taken_away(event)
        await _make(client, event, face)
        return
    shown = face.not_before(now + SOONEST)
    try:
        await edit_event(client, event.guild_id, event.discord_id, shown, has_begun=has_begun)
    except discord.HTTPException as error:
        if error.code not in (UNKNOWN_EVENT, FINISHED):
            raise
        await events.missing(event)
        return
    await events.stands(event, event.discord_id, face, event.shown_from if has_begun and event.shown_from else shown.starts)


async def _end(client: MatchdayClient, event: ServerEvent) -> None:
    """Forget what is over; what Discord still shows as coming, because its date moved into the past, is deleted."""
    if event.shown_from is not None and event.shown_from > client.services.clock.now():
        await _take_away(client, event)
    await client.services.server_events.over(event)


async def _take_away(client: MatchdayClient, event: ServerEvent) -> None:
    there = [event.discord_id] if event.discord_id is not None else await _marked(client, event)
    for discord_id in there:
        await delete_event(client, event.guild_id, discord_id)


async def _marked(client: MatchdayClient, event: ServerEvent) -> list[int]:
    """Return the bot's events in Discord that carry an event's mark, the oldest first; more than one where an attempt came late."""
    return sorted(each.id for each in await list_events(client, event.guild_id) if each.is_of(event.id))


async def _look(client: MatchdayClient, guild_id: int) -> Outcome:
    """Note what was deleted by hand, delete what stands twice, and let follow whatever differs."""
    events = client.services.server_events
    shown = {each.id: each for each in await list_events(client, guild_id)}
    await note_deleted(events, guild_id, {each.id for each in shown.values() if each.is_open})
    for event in await events.of_server(guild_id):
        twice = [each.id for each in shown.values() if each.is_of(event.id) and event.discord_id not in (None, each.id)]
        for discord_id in twice:
            await delete_event(client, guild_id, discord_id)
    await events.follow(guild_id)
    return Sent(message_id=0, channel_id=0)


async def note_deleted(events: ServerEventService, guild_id: int, there: set[int]) -> None:
    """Note which events of a server somebody deleted in Discord, of which these ids are there."""
    for event in await events.of_server(guild_id):
        if event.state is EventState.STANDING and event.discord_id not in there:
            await events.missing(event)
