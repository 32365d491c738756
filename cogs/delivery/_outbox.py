"""The Outbox: how a delivery reaches Discord, and what each of Discord's answers means for it."""

import logging
from datetime import timedelta
from typing import Any

import aiohttp
import discord

from bot.client import MatchdayClient
from bot.domain.delivery import Delivery, DeliveryKind, Priority, recipient_member
from bot.domain.member import Member
from bot.scheduling.openings import Openings
from bot.scheduling.outbox import Later, Outcome, Passing, Refused, Sent, Unknown, Unwanted
from bot.scheduling.pacing import Pacer
from bot.services.bundle import Services
from cogs._ui.cards import shortened
from cogs._ui.notices import notice_embed
from cogs._ui.posts import POSTS
from cogs._ui.pushed import MAX_CONTENT, pushed_text, pushed_view
from cogs._ui.servers import server_name
from cogs.delivery._gate import LEFT, cheer_gate, gate, notice_gate, passes_quiet, question_gate, slot_gate
from cogs.delivery._match_day import beside
from cogs.delivery._nudge import Nudges

log = logging.getLogger(__name__)

READ_BACK = 200
"""How many messages are read when an outcome is unknown."""

CANNOT_SEND_TO_USER = 50007
NO_MUTUAL_SERVER = 50278
MISSING_ACCESS = 50001
MISSING_PERMISSIONS = 50013
UNKNOWN_CHANNEL = 10003
UNKNOWN_USER = 10013
OPENING_TOO_FAST = 40003

REQUEST_TIMEOUT = 408

REFUSALS = {
    CANNOT_SEND_TO_USER: "Discord refused it: your direct messages are closed to this bot.",
    NO_MUTUAL_SERVER: "Discord refused it: you and this bot share no server.",
    MISSING_ACCESS: "Discord refused it: the channel can't be reached.",
    MISSING_PERMISSIONS: "Discord refused it: a permission is missing.",
    UNKNOWN_USER: "Discord does not know this account any more.",
}
CHANNEL_REFUSALS = {
    UNKNOWN_CHANNEL: Refused("Discord refused it: the channel is gone."),
    MISSING_ACCESS: Refused("Discord refused it: this bot can't see the channel."),
    MISSING_PERMISSIONS: Refused("Discord refused it: this bot may not write in the channel."),
}
REPEATABLE = {DeliveryKind.STATUS_LINE, DeliveryKind.SERVER_EVENT, DeliveryKind.EXPIRY_LOOK, DeliveryKind.ERASURE}
"""Done twice it shows the same as done once (an event is looked for before it is made), and there is no channel to read back."""


class _NotYetError(Exception):
    """Say that a conversation can't be opened for some seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


class DiscordOutbox:
    """Send deliveries: to members by direct message, to channels by whoever owns their kind."""

    def __init__(self, client: MatchdayClient, services: Services) -> None:
        self._client = client
        self._services = services
        self._openings = Openings(client.due_loop.settings.openings_a_minute)
        self._nudges = Nudges(services)

    async def send(self, delivery: Delivery, pacer: Pacer) -> Outcome:
        """Send one delivery under its own nonce; say what came of it and raise nothing that Discord or the network did."""
        member_id = recipient_member(delivery.recipient)
        if delivery.priority is not Priority.INTERACTIVE and (seconds := self._client.invalid_requests.wait()):
            return self._later(seconds, "Discord has refused many requests; what is not urgent waits")
        if member_id is None:
            return await self._post(delivery, pacer)
        member = await self._services.members.get(member_id)
        barred = await self._barred(delivery, member)
        if barred is not None:
            return barred
        try:
            if not await self._is_member(delivery, member_id, pacer):
                await self._services.broadcasts.want(member_id, delivery.guild_id or 0, wanted=False)
                return Unwanted(LEFT)
            channel_id = await self._channel_of(member, delivery, pacer)
            async with pacer.slot(delivery.priority):
                # Once more now that the turn has come: what she switched off, or moderators paused, while this waited stops at once.
                barred = await self._barred(delivery, await self._services.members.get_anew(member_id))
                if barred is not None:
                    return barred
                content = pushed_text(self._services, delivery, member, server_name(self._client, delivery.guild_id))
                line = await beside(self._services, delivery, member)
                content = shortened(content, MAX_CONTENT - len(line)) + line
                message = await self._client.get_partial_messageable(channel_id).send(
                    content, view=pushed_view(delivery), nonce=delivery.id, **_picture(delivery)
                )
        except _NotYetError as not_yet:
            return self._later(not_yet.seconds, "few conversations are opened at once")
        except discord.HTTPException as error:
            return await self._meaning(error, member, delivery)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return Unknown(f"the connection broke: {type(error).__name__}")
        await self._services.members.messages_arrive(member_id)
        return Sent(message_id=message.id, channel_id=channel_id)

    async def find_sent(self, delivery: Delivery, pacer: Pacer) -> Outcome | None:
        """Return the message that carries this delivery's id in a button, or None; another outcome where it can't be looked for.

        Raises what Discord raises while the channel is read.
        """
        if delivery.kind in REPEATABLE:
            return None
        channel_id = await self._channel_to_read(delivery, pacer)
        if channel_id is None:
            return None
        if not isinstance(channel_id, int):
            return channel_id
        after = (delivery.first_tried_at or delivery.due_at) - timedelta(minutes=5)
        async with pacer.slot(delivery.priority):
            async for message in self._client.get_partial_messageable(channel_id).history(limit=READ_BACK, after=after):
                if any(custom_id.endswith(f":{delivery.id}") for custom_id in _custom_ids(message)):
                    return Sent(message_id=message.id, channel_id=channel_id)
        return None

    async def _channel_to_read(self, delivery: Delivery, pacer: Pacer) -> int | Outcome | None:
        """Return where a delivery was sent if it was; None where it was not, an outcome where that can't be known now."""
        member_id = recipient_member(delivery.recipient)
        if member_id is None:
            return delivery.channel_id
        member = await self._services.members.get(member_id)
        # Her conversation may be younger than a backup that was put back. Discord opens the same one again, and she sees nothing of it.
        if member.dm_channel_id is None and await self._barred(delivery, member) is not None:
            return None
        try:
            return await self._channel_of(member, delivery, pacer)
        except _NotYetError as not_yet:
            return self._later(not_yet.seconds, "few conversations are opened at once")
        except discord.HTTPException as error:
            return await self._meaning(error, member, delivery)

    async def _post(self, delivery: Delivery, pacer: Pacer) -> Outcome:
        post = POSTS.get(delivery.kind)
        if post is None:
            return Refused(f"nobody carries out {delivery.kind}")
        try:
            async with pacer.slot(delivery.priority):
                return await post(self._client, delivery)
        except discord.HTTPException as error:
            return CHANNEL_REFUSALS.get(error.code) or _common_meaning(error, delivery)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return Unknown(f"the connection broke: {type(error).__name__}")

    def _later(self, seconds: float, reason: str) -> Later:
        return Later(self._services.clock.now() + timedelta(seconds=seconds), reason)

    async def _channel_of(self, member: Member, delivery: Delivery, pacer: Pacer) -> int:
        if member.dm_channel_id is not None:
            return member.dm_channel_id
        # She who has just agreed waits in front of the screen: only Discord's own stop holds her up.
        if (seconds := self._openings.wait()) and (delivery.kind is not DeliveryKind.GREETING or self._openings.is_stopped):
            raise _NotYetError(seconds)
        async with pacer.slot(delivery.priority):
            channel = await self._client.create_dm(discord.Object(member.id))
            # Kept before the first send: an outcome that stays unknown is settled by reading this channel. And before the turn is given
            # back: with a slow disk conversations are opened more slowly, and what members do meanwhile does not queue behind the writing.
            await self._services.members.conversation_opened(member.id, channel.id)
            return channel.id

    async def _barred(self, delivery: Delivery, member: Member) -> Refused | Unwanted | Later | None:
        gone = await question_gate(self._services, delivery) or await slot_gate(self._services, delivery)
        if gone is not None:
            return gone
        is_loud = await passes_quiet(self._services, delivery, member)
        barred = gate(self._services, delivery, member, passes_quiet=is_loud) or await notice_gate(self._services, delivery)
        return barred or await cheer_gate(self._services, delivery, member)

    async def _is_member(self, delivery: Delivery, member_id: int, pacer: Pacer) -> bool:
        """Tell whether a notice's reader is still in its server: nobody gets the notices of a server that she has left.

        Nor word of one that she wrote there.
        """
        if delivery.kind not in (DeliveryKind.NOTICE, DeliveryKind.ALARM):
            return True
        if self._client.knows_all_servers and self._client.get_guild(delivery.guild_id or 0) is None:
            return False
        try:  # asked each time: no intent tells of a departure, so what is remembered of members may be long past
            async with pacer.slot(delivery.priority):
                await self._client.http.get_member(delivery.guild_id or 0, member_id)
        except discord.NotFound:
            return False
        except discord.Forbidden as error:
            if error.code != MISSING_ACCESS:
                raise
            return False  # the bot itself is in that server no more, which another process connected
        return True

    async def _meaning(self, error: discord.HTTPException, member: Member, delivery: Delivery) -> Outcome:
        if error.code == OPENING_TOO_FAST:
            self._openings.stop()
            return self._later(self._openings.wait(), "Discord limits how fast conversations are opened")
        if error.code == UNKNOWN_CHANNEL:
            await self._services.members.conversation_gone(member.id)
            return Passing("the conversation is gone; it will be opened anew")
        if error.code in REFUSALS:
            await self._services.members.messages_refused(member.id)
            then = await self._nudges.for_refused(delivery, member) if error.code == CANNOT_SEND_TO_USER else None
            return Refused(REFUSALS[error.code], then)
        return _common_meaning(error, delivery)


def _picture(delivery: Delivery) -> dict[str, Any]:
    embed = notice_embed(delivery.payload) if delivery.kind is DeliveryKind.NOTICE else None
    return {"embed": embed} if embed else {"suppress_embeds": True}


def _common_meaning(error: discord.HTTPException, delivery: Delivery) -> Outcome:
    # It may have taken the message first. A 408 is no answer of Discord's: a proxy in front of it waited no longer.
    if isinstance(error, discord.DiscordServerError) or error.status == REQUEST_TIMEOUT:
        return Unknown(f"Discord answered {error.status}")
    if error.status == 429:
        return Passing("Discord asked for a slower pace", retry_after=getattr(error, "retry_after", None))
    log.error("Discord refused delivery %s with HTTP %s, code %s", delivery.id, error.status, error.code)
    return Refused("Discord refused it.")


def _custom_ids(message: discord.Message) -> list[str]:
    tops = [
        inner for top in message.components for inner in (getattr(top, "children", []) if isinstance(top, discord.Container) else [top])
    ]
    rows = [row for row in tops if isinstance(row, discord.ActionRow)]
    return [custom_id for row in rows for child in row.children if (custom_id := getattr(child, "custom_id", None))]
