"""Discord's scheduled events over REST alone: no intent is asked for, and no cache is needed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import discord

from bot.client import MatchdayClient
from bot.domain.server_events import Face, carries
from bot.scheduling.pacing import only_once

GUILD_ONLY, VOICE, EXTERNAL = 2, 2, 3
SCHEDULED, ACTIVE = 1, 2
UNKNOWN_EVENT = 10070
FINISHED = 180000


@dataclass(frozen=True, slots=True)
class Shown:
    """Hold one scheduled event as Discord lists it."""

    id: int
    description: str
    is_ours: bool
    is_open: bool
    """It has neither ended nor been cancelled."""

    def is_of(self, event_id: str) -> bool:
        """Tell whether it is the bot's own and carries the mark of an event."""
        return self.is_ours and self.is_open and carries(self.description, event_id)


async def list_events(client: MatchdayClient, guild_id: int) -> list[Shown]:
    """Return what Discord lists in a server; raise discord.HTTPException."""
    found: list[Any] = list(await client.http.get_scheduled_events(guild_id, with_user_count=False) or [])
    mine = client.user.id if client.user else 0
    return [
        Shown(
            int(each["id"]),
            each.get("description") or "",
            str(each.get("creator_id")) == str(mine),
            each.get("status", SCHEDULED) in (SCHEDULED, ACTIVE),
        )
        for each in found
    ]


async def create_event(client: MatchdayClient, guild_id: int, face: Face) -> int:
    """Make an event and return its id; the request is sent once, for the library would repeat one that Discord may have taken.

    Raises:
        discord.HTTPException: Discord refused it.
        ForgottenError: The first answer was a passing one, so it is not known whether it was taken.
    """
    with only_once():
        made = await client.http.create_guild_scheduled_event(guild_id, **_body(face), reason="/server events")
    return int(made["id"])


async def edit_event(client: MatchdayClient, guild_id: int, discord_id: int, face: Face, *, has_begun: bool) -> None:
    """Show an event as it is now; of one that has begun Discord takes no other start. Raises discord.HTTPException."""
    body = _body(face)
    if has_begun:
        del body["scheduled_start_time"]
    await client.http.edit_scheduled_event(guild_id, discord_id, **body, reason="/server events")


async def delete_event(client: MatchdayClient, guild_id: int, discord_id: int) -> None:
    """Delete an event, also where it is gone already; raises what else Discord raises."""
    try:
        await client.http.delete_scheduled_event(guild_id, discord_id, reason="/server events")
    except discord.NotFound as error:
        if error.code != UNKNOWN_EVENT:
            raise


def _body(face: Face) -> dict[str, Any]:
    in_voice = face.channel_id is not None
    return {
        "name": face.name,
        "description": face.description,
        "privacy_level": GUILD_ONLY,
        "scheduled_start_time": _written(face.starts),
        "scheduled_end_time": _written(face.ends),
        "entity_type": VOICE if in_voice else EXTERNAL,
        "channel_id": str(face.channel_id) if in_voice else None,
        "entity_metadata": None if in_voice else {"location": face.place},
    }


def _written(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")
