"""Scheduled events of guilds: who may make them, what Discord takes, and how they begin and end by the sandbox's clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aiohttp import web

from bot.sandbox import render
from bot.sandbox.errors import Problems, refusal
from bot.sandbox.permissions import Permission
from bot.sandbox.rest.common import json_object, nothing, number, reply, route
from bot.sandbox.rest.guilds import path_guild
from bot.sandbox.state import ChannelType, EntityType, EventStatus, Guild, Json, ScheduledEvent, part
from bot.sandbox.world import World

MOST = 100
FARTHEST = timedelta(days=5 * 366)
_EVENTS = "/guilds/{guild}/scheduled-events"
_EVENT = _EVENTS + "/{event}"
_OPEN = (EventStatus.SCHEDULED, EventStatus.ACTIVE)
_NEXT = {EventStatus.SCHEDULED: (EventStatus.ACTIVE, EventStatus.CANCELED), EventStatus.ACTIVE: (EventStatus.COMPLETED,)}
"""What may follow a state; the two others are final."""


def routes() -> list[web.RouteDef]:
    """Return the routes of scheduled events."""
    return [
        route("GET", _EVENTS, _list),
        route("POST", _EVENTS, _create),
        route("GET", _EVENT, _get),
        route("PATCH", _EVENT, _modify),
        route("DELETE", _EVENT, _delete),
    ]


def open_events(world: World, guild: Guild) -> list[ScheduledEvent]:
    """Return the events of a guild that have neither ended nor been cancelled, the next one first."""
    now = world.now()
    for event in guild.events.values():
        if event.status in _OPEN and event.ends_at is not None and event.ends_at <= now:
            event.status = EventStatus.COMPLETED
        elif event.status == EventStatus.SCHEDULED and event.entity_type == EntityType.EXTERNAL and event.starts_at <= now:
            event.status = EventStatus.ACTIVE
    return sorted((each for each in guild.events.values() if each.status in _OPEN), key=lambda each: (each.starts_at, each.id))


def delete_event(world: World, event_id: int) -> None:
    """Delete an event and tell of it, or refuse with 10070."""
    guild = next((each for each in world.guilds.values() if event_id in each.events), None)
    if guild is None:
        raise refusal(10070)
    event = guild.events.pop(event_id)
    world.tell("GUILD_SCHEDULED_EVENT_DELETE", render.scheduled_event(world, event), guild_id=guild.id)


def _found(request: web.Request, world: World, guild: Guild) -> ScheduledEvent:
    event = next((each for each in open_events(world, guild) if each.id == number(request, "event")), None)
    if event is None:
        raise refusal(180000 if number(request, "event") in guild.events and request.method == "PATCH" else 10070)
    return event


def _require(world: World, guild: Guild, *, of_others: bool = False) -> None:
    """Refuse with 50013 what the bot may not do: make events and change its own with either permission, others' with one."""
    held = world.base_permissions(guild, world.bot.id)
    if not held & (Permission.MANAGE_EVENTS if of_others else Permission.CREATE_EVENTS | Permission.MANAGE_EVENTS):
        raise refusal(50013)


async def _list(request: web.Request, world: World) -> web.Response:
    return reply([render.scheduled_event(world, each) for each in open_events(world, path_guild(request, world))])


async def _get(request: web.Request, world: World) -> web.Response:
    return reply(render.scheduled_event(world, _found(request, world, path_guild(request, world))))


async def _create(request: web.Request, world: World) -> web.Response:
    guild, body = path_guild(request, world), await json_object(request)
    _require(world, guild)
    if len(open_events(world, guild)) >= MOST:
        raise refusal(30038)
    problems = Problems()
    for name in ("name", "scheduled_start_time", "privacy_level", "entity_type"):
        if body.get(name) is None:
            problems.required((name,))
    problems.refuse()
    event = ScheduledEvent(world.snowflakes.new(), guild.id, world.bot.id, "", world.now(), 0)
    event = _changed(world, event, body, moves=True)
    guild.events[event.id] = event
    data = render.scheduled_event(world, event)
    world.tell("GUILD_SCHEDULED_EVENT_CREATE", data, guild_id=guild.id)
    return reply(data)


async def _modify(request: web.Request, world: World) -> web.Response:
    guild, body = path_guild(request, world), await json_object(request)
    event = _found(request, world, guild)
    _require(world, guild, of_others=event.creator_id != world.bot.id)
    moves = "scheduled_start_time" in body
    if moves and event.status == EventStatus.ACTIVE:
        problems = Problems()
        problems.add(("scheduled_start_time",), "GUILD_SCHEDULED_EVENT_STARTED", "Cannot change the start time of an event that has begun")
        problems.refuse()
    changed = guild.events[event.id] = _changed(world, event, body, moves=moves)
    data = render.scheduled_event(world, changed)
    world.tell("GUILD_SCHEDULED_EVENT_UPDATE", data, guild_id=guild.id)
    return reply(data)


async def _delete(request: web.Request, world: World) -> web.Response:
    guild = path_guild(request, world)
    event = _found(request, world, guild)
    _require(world, guild, of_others=event.creator_id != world.bot.id)
    delete_event(world, event.id)
    return nothing()


def _changed(world: World, event: ScheduledEvent, body: Json, *, moves: bool) -> ScheduledEvent:
    """Return an event as a body leaves it, or refuse the body with 50035."""
    problems = Problems()
    problems.length(("name",), body.get("name"), 100, 1)
    problems.length(("description",), body.get("description"), 1_000)
    if body.get("privacy_level") not in (None, 2):
        problems.choice(("privacy_level",), (2,))
    trial = replace(
        event,
        name=body.get("name") or event.name,
        description=body.get("description", event.description) or None,
        starts_at=_instant(problems, body, "scheduled_start_time", event.starts_at) or event.starts_at,
        ends_at=_instant(problems, body, "scheduled_end_time", event.ends_at),
        entity_type=body.get("entity_type") or event.entity_type,
        channel_id=int(body["channel_id"]) if body.get("channel_id") else None if "channel_id" in body else event.channel_id,
        location=part(body, "entity_metadata").get("location") if "entity_metadata" in body else event.location,
    )
    _check_place(world, problems, trial)
    _check_times(world, problems, trial, moves=moves)
    status = body.get("status")
    if status is not None and status != event.status:
        if status not in _NEXT[event.status]:
            problems.choice(("status",), _NEXT[event.status])
        trial.status = status
    problems.refuse()
    return trial


def _instant(problems: Problems, body: Json, name: str, before: datetime | None) -> datetime | None:
    if name not in body:
        return before
    if body[name] is None:
        return None
    try:
        at = datetime.fromisoformat(str(body[name]))
    except ValueError:
        problems.add((name,), "DATE_TIME_TYPE_PARSE", f"Could not parse {body[name]}. Should be ISO8601.")
        return before
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def _check_place(world: World, problems: Problems, event: ScheduledEvent) -> None:
    if event.entity_type == EntityType.EXTERNAL:
        if event.channel_id is not None:
            problems.add(("channel_id",), "GUILD_SCHEDULED_EVENT_CHANNEL_NOT_ALLOWED", "An external event has no channel.")
        if event.ends_at is None:
            problems.required(("scheduled_end_time",))
        if not event.location:
            problems.required(("entity_metadata", "location"))
        problems.length(("entity_metadata", "location"), event.location, 100)
        return
    if event.entity_type != EntityType.VOICE:  # stages are not served here
        problems.choice(("entity_type",), (EntityType.VOICE, EntityType.EXTERNAL))
        return
    event.location = None
    channel = world.channels.get(event.channel_id or 0)
    if channel is None or channel.guild_id != event.guild_id:
        raise refusal(10003)
    if channel.type != ChannelType.VOICE:
        raise refusal(50024)
    needed = Permission.VIEW_CHANNEL | Permission.CONNECT
    if world.permissions(channel, world.bot.id) & needed != needed:
        raise refusal(50013)


def _check_times(world: World, problems: Problems, event: ScheduledEvent, *, moves: bool) -> None:
    now = world.now()
    if moves and event.starts_at <= now:
        problems.add(("scheduled_start_time",), "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST", "Cannot schedule event in the past.")
    if moves and event.starts_at > now + FARTHEST:
        problems.add(("scheduled_start_time",), "GUILD_SCHEDULED_EVENT_TOO_FAR", "Cannot schedule event more than 5 years in the future.")
    if event.ends_at is not None and event.ends_at <= event.starts_at:
        problems.add(("scheduled_end_time",), "GUILD_SCHEDULED_EVENT_END", "Cannot schedule event to end before it starts.")
