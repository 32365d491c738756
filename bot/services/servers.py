"""Servers: what their managers set, who did what, and how the sending fares."""

import csv
import hashlib
import io
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime

from bot.clock import Clock
from bot.domain.delivery import Delivery, DeliveryKind, DeliveryState, Priority, channel_recipient, member_recipient
from bot.domain.servers import AuditEntry, Deed, Feature, ServerSettings
from bot.domain.zones import zone_or_none
from bot.errors import UserFacingError
from bot.storage.audit import AuditRepository
from bot.storage.deliveries import DeliveryRepository
from bot.storage.identifiers import new_id
from bot.storage.servers import ServerRepository

MOST_ROLES = 10
EXPORTED = 10_000


@dataclass(frozen=True, slots=True)
class Sending:
    """How the sending fares, counted over all servers: nothing in it is anybody's."""

    oldest_overdue: datetime | None
    """When what has waited longest was due; None where nothing is overdue."""
    next_due: datetime | None


class ServerService:
    """Keep what managers set."""

    def __init__(
        self,
        servers: ServerRepository,
        audit: AuditRepository,
        deliveries: DeliveryRepository,
        clock: Clock,
        deliver_now: Callable[[str], Awaitable[DeliveryState]],
        wake: Callable[[datetime], None],
    ) -> None:
        self._deliver_now = deliver_now
        self._wake = wake
        self._servers = servers
        self._audit = audit
        self._deliveries = deliveries
        self._clock = clock

    async def get(self, guild_id: int) -> ServerSettings:
        """Return the settings of a server."""
        return await self._servers.get(guild_id)

    async def change(self, guild_id: int, actor_id: int, **changes: object) -> ServerSettings:
        """Change settings by their names, and record who did it; raise UserFacingError where one can't be."""
        before = await self._servers.get(guild_id)
        changed = replace(before, **changes)  # type: ignore[arg-type]  # the callers name real fields
        if changed.zone is not None and zone_or_none(changed.zone) is None:
            raise UserFacingError("I don't know that time zone.", "Choose one from the list, such as America/New_York.")
        if max(len(changed.moderator_roles), len(changed.advisor_roles)) > MOST_ROLES:
            raise UserFacingError(f"That are more than {MOST_ROLES} roles.", "Choose fewer; one role can be given to many members.")
        if changed == before:
            return before
        await self._servers.save(changed)
        detail = {each.name: _words(getattr(changed, each.name)) for each in fields(changed) if _differs(before, changed, each.name)}
        await self.note(guild_id, actor_id, Deed.SET_UP, detail)
        return changed

    async def switch(self, guild_id: int, actor_id: int, feature: Feature, *, is_on: bool) -> ServerSettings:
        """Switch what members may use in a server, and record who did it; switched to what it is, nothing changes."""
        if await self._servers.switch(guild_id, feature, is_on=is_on):
            await self.note(guild_id, actor_id, Deed.FEATURE_ON if is_on else Deed.FEATURE_OFF, {"feature": feature.value})
        return await self._servers.get(guild_id)

    async def note(self, guild_id: int, actor_id: int, what: Deed, detail: Mapping[str, str]) -> None:
        """Record a deed in the audit of a server."""
        await self._audit.add(AuditEntry(new_id(), guild_id, actor_id, self._clock.now(), what, detail))

    async def deeds(self, guild_id: int, limit: int, offset: int = 0) -> tuple[list[AuditEntry], int]:
        """Return deeds of a server, the newest first, and how many there are."""
        return await self._audit.page(guild_id, limit, offset)

    async def export_deeds(self, guild_id: int) -> bytes:
        """Return the newest 10,000 deeds of a server as CSV in UTF-8; instants as ISO 8601 in UTC."""
        found, _ = await self._audit.page(guild_id, EXPORTED)
        told = io.StringIO()
        writer = csv.writer(told)
        writer.writerow(["at", "who", "what", "detail"])
        for entry in found:
            detail = "; ".join(f"{key}: {value}" for key, value in entry.detail.items())
            writer.writerow([entry.at.isoformat(), entry.actor_id or "erased", entry.what.value, _no_formula(detail)])
        return told.getvalue().encode()

    async def post_start_here(self, guild_id: int, channel_id: int, press_id: int) -> Delivery:
        """Post the message with the buttons of a first session; return its delivery, one for each press."""
        delivery = Delivery(
            kind=DeliveryKind.START_HERE,
            recipient=channel_recipient(channel_id),
            source="start_here",
            source_id=str(press_id),
            occurrence=0,
            due_at=self._clock.now(),
            priority=Priority.INTERACTIVE,
            guild_id=guild_id,
            channel_id=channel_id,
        )
        await self._deliveries.add(delivery)
        await self._deliver_now(delivery.id)
        return await self._deliveries.get(delivery.id) or delivery

    async def configured(self) -> list[int]:
        """Return the servers for which something is set."""
        return await self._servers.configured()

    async def alarm(self, guild_id: int, channel_id: int, problem: str) -> bool:
        """Tell the staff of a server in their channel what is wrong, once a month at most; return whether it was told now."""
        return await self._alarm(guild_id, channel_recipient(channel_id), channel_id, problem)

    async def alarm_member(self, guild_id: int, member_id: int, problem: str) -> bool:
        """Tell one member, whose doing it is, what is wrong in a server, once a month at most; return whether it was told now."""
        return await self._alarm(guild_id, member_recipient(member_id), None, problem)

    async def _alarm(self, guild_id: int, recipient: str, channel_id: int | None, problem: str) -> bool:
        now = self._clock.now()
        alarm = Delivery(
            kind=DeliveryKind.ALARM,
            recipient=recipient,
            source="alarm",
            source_id=hashlib.sha256(f"{guild_id} {problem}".encode()).hexdigest(),
            occurrence=now.year * 12 + now.month,
            due_at=now,
            priority=Priority.URGENT,
            guild_id=guild_id,
            channel_id=channel_id,
            payload={"text": problem},
        )
        is_new = await self._deliveries.add(alarm)
        if is_new:
            self._wake(now)
        return is_new

    async def sending(self) -> Sending:
        """Return how the sending fares."""
        now = self._clock.now()
        return Sending(await self._deliveries.oldest_overdue(now), await self._deliveries.next_due(after=now))


def _differs(before: ServerSettings, after: ServerSettings, name: str) -> bool:
    return bool(getattr(before, name) != getattr(after, name))


def _words(value: object) -> str:
    if isinstance(value, frozenset):
        return ", ".join(sorted(map(str, value))) or "none"  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return "none" if value is None else str(value)


def _no_formula(text: str) -> str:
    """Keep a spreadsheet from running what a member typed."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
