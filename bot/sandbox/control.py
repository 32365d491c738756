"""The control API: what was received, faults, people, channels, the gateway and bursts."""

from itertools import takewhile

from aiohttp import web

from bot.sandbox import render
from bot.sandbox.bodies import json_response, object_of
from bot.sandbox.burst import burst_of, run_burst
from bot.sandbox.description import CHECKS
from bot.sandbox.errors import DiscordError, refusal
from bot.sandbox.faults import FAULTS
from bot.sandbox.gateway import GATEWAY
from bot.sandbox.record import RECORD
from bot.sandbox.rest.events import delete_event
from bot.sandbox.state import Interaction
from bot.sandbox.webhook_events import deauthorized, send_event
from bot.sandbox.world import WORLD, World


async def _record(request: web.Request) -> web.Response:
    query = request.query
    entries = request.app[RECORD].entries(int(query.get("since", 0)), query.get("method"), query.get("path"))
    return json_response([entry.json() for entry in entries])


async def _forget_record(request: web.Request) -> web.Response:
    request.app[RECORD].clear()
    return web.Response(status=204)


async def _totals(request: web.Request) -> web.Response:
    return json_response(request.app[RECORD].totals)


async def _messages(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    author = request.query.get("author")
    person = None if author is None else world.bot if author == "bot" else world.person(author)
    if author is not None and person is None:
        raise refusal(10013)
    kept = (each for each in world.messages.values() if person is None or each.author_id == person.id)
    return json_response(
        [
            {
                "id": str(each.id),
                "channel_id": str(each.channel_id),
                "recipient_id": _recipient(world, each.channel_id),
                "author_id": str(each.author_id),
                "nonce": each.nonce,
                "content": each.content,
                "created_at": each.created_at.isoformat(),
            }
            for each in kept
        ]
    )


def _recipient(world: World, channel_id: int) -> str | None:
    recipient = world.channels[channel_id].recipient_id
    return None if recipient is None else str(recipient)


async def _violations(request: web.Request) -> web.Response:
    return json_response([each.json() for each in request.app[RECORD].violations])


async def _forget_violations(request: web.Request) -> web.Response:
    request.app[RECORD].violations.clear()
    return web.Response(status=204)


async def _faults(request: web.Request) -> web.Response:
    return json_response({"rules": [rule.json() for rule in request.app[FAULTS].rules]})


async def _set_faults(request: web.Request) -> web.Response:
    request.app[FAULTS].set(list((await object_of(request)).get("rules", [])))
    return await _faults(request)


async def _forget_faults(request: web.Request) -> web.Response:
    request.app[FAULTS].clear()
    return web.Response(status=204)


async def _people(request: web.Request) -> web.Response:
    world, given = request.app[WORLD], await object_of(request)
    guild_id = int(given.get("guild_id") or next(iter(world.guilds)))
    return json_response({"ids": [str(each) for each in world.add_people(int(given["count"]), guild_id)]})


async def _person(request: web.Request) -> web.Response:
    """Open or close direct messages, join or leave a guild, change roles."""
    world, given = request.app[WORLD], await object_of(request)
    person = world.person(request.match_info["person"])
    if person is None:
        raise refusal(10013)
    guild_id = int(given.get("guild_id") or next(iter(world.guilds)))
    if "dms_open" in given:
        world.set_dms_open(person.id, bool(given["dms_open"]))
    if "in_guild" in given and given["in_guild"] != (person.id in world.guilds[guild_id].members):
        if given["in_guild"]:
            world.add_member(world.guilds[guild_id], person.id)
        else:
            world.leave_guild(person.id, guild_id)
    if "roles" in given:
        world.set_member_roles(guild_id, person.id, [int(each) for each in given["roles"]])
    return web.Response(status=204)


async def _deauthorize(request: web.Request) -> web.Response:
    """Let a person take the app off her account; the address given is where the app takes Discord's events."""
    world, url = request.app[WORLD], (await object_of(request))["url"]
    person = world.person(request.match_info["person"])
    if person is None:
        raise refusal(10013)
    return json_response({"status": await send_event(str(url), deauthorized(world, person))})


async def _guilds(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    return json_response(world.guild_json(world.add_guild(str((await object_of(request))["name"])).id))


async def _channel(request: web.Request) -> web.Response:
    world, given = request.app[WORLD], await object_of(request)
    channel_id = int(request.match_info["channel"])
    if given.get("deleted"):
        world.delete_channel(channel_id)
    if "overwrite" in given:
        rule = given["overwrite"]
        world.set_overwrite(channel_id, int(rule["target"]), rule["kind"], int(rule.get("allow", 0)), int(rule.get("deny", 0)))
    return web.Response(status=204)


async def _role(request: web.Request) -> web.Response:
    request.app[WORLD].set_role_permissions(int(request.match_info["role"]), int((await object_of(request))["permissions"]))
    return web.Response(status=204)


async def _message(request: web.Request) -> web.Response:
    request.app[WORLD].delete_message(int(request.match_info["message"]))
    return web.Response(status=204)


async def _events(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    return json_response([render.scheduled_event(world, each) for guild in world.guilds.values() for each in guild.events.values()])


async def _delete_event(request: web.Request) -> web.Response:
    """Delete a scheduled event as a person of the server would."""
    delete_event(request.app[WORLD], int(request.match_info["event"]))
    return web.Response(status=204)


async def _gateway(request: web.Request) -> web.Response:
    given = await object_of(request)
    if given.get("action") not in ("drop", "reconnect", "invalid"):
        raise DiscordError(400, 0, "action is one of drop, reconnect, invalid.")
    request.app[GATEWAY].guild_data = bool(given.get("guild_data", True))
    shard = given.get("shard")
    met = request.app[GATEWAY].act(given["action"], None if shard is None else int(shard), resumable=bool(given.get("resumable", True)))
    return json_response({"connections": met})


async def _sessions(request: web.Request) -> web.Response:
    sessions = request.app[GATEWAY].sessions.values()
    return json_response(
        [{"id": each.id, "shard": each.shard, "shards": each.shards, "connected": each.connection is not None} for each in sessions]
    )


async def _burst(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    return json_response(await run_burst(world, burst_of(world, await object_of(request))))


async def _interactions(request: web.Request) -> web.Response:
    """Return how long the bot took over each interaction after ``since``, in order, up to the first that is still open."""
    since, found = int(request.query.get("since", 0)), list[Interaction]()
    for each in reversed(request.app[WORLD].interactions.values()):
        if each.id == since:
            break
        found.append(each)
    ended = takewhile(lambda each: each.acknowledged.done(), reversed(found))
    return json_response([_told(each) for each in ended])


def _told(interaction: Interaction) -> dict[str, object]:
    took = None if interaction.acknowledged_at is None else (interaction.acknowledged_at - interaction.started) * 1000
    return {
        "id": str(interaction.id),
        "type": interaction.type,
        "name": interaction.name,
        "at": interaction.created_at.isoformat(),
        "ms": took,  # null where it was not acknowledged in time
        "callback": interaction.callback,
    }


async def _checks(request: web.Request) -> web.Response:
    checks = request.app[CHECKS]
    wanted = bool((await object_of(request)).get("bodies"))
    if wanted and checks.description is None:
        raise DiscordError(409, 0, "The sandbox was started without Discord's description.")
    checks.on = wanted
    return json_response({"bodies": checks.on})


def control_routes() -> list[web.RouteDef]:
    """Return the control API's routes."""
    return [
        web.get("/control/record", _record),
        web.delete("/control/record", _forget_record),
        web.get("/control/totals", _totals),
        web.get("/control/messages", _messages),
        web.delete("/control/messages/{message}", _message),
        web.get("/control/violations", _violations),
        web.delete("/control/violations", _forget_violations),
        web.get("/control/faults", _faults),
        web.post("/control/faults", _set_faults),
        web.delete("/control/faults", _forget_faults),
        web.post("/control/people", _people),
        web.patch("/control/people/{person}", _person),
        web.post("/control/people/{person}/deauthorize", _deauthorize),
        web.post("/control/guilds", _guilds),
        web.patch("/control/channels/{channel}", _channel),
        web.patch("/control/roles/{role}", _role),
        web.get("/control/events", _events),
        web.delete("/control/events/{event}", _delete_event),
        web.get("/control/gateway", _sessions),
        web.post("/control/gateway", _gateway),
        web.get("/control/interactions", _interactions),
        web.post("/control/burst", _burst),
        web.post("/control/checks", _checks),
    ]
