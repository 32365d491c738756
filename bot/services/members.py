"""A member's settings and her consent to direct messages."""

import asyncio
import re
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import time

from bot.catalogue.catalogue import Catalogue
from bot.clock import Clock
from bot.domain.delivery import Delivery, DeliveryKind, DeliveryState, Priority, member_recipient
from bot.domain.member import Country, DirectMessages, Member
from bot.domain.preferences import MessageKind, QuietHours
from bot.domain.zones import zone_or_none
from bot.errors import UserFacingError
from bot.services.locks import Lock
from bot.storage.deliveries import DeliveryRepository
from bot.storage.identifiers import new_id
from bot.storage.members import MemberRepository

CONSENT_VERSION = 1
"""Raised whenever the sentence that members agree to changes."""

MATCH_DAY = "match-day"
_HOUR = re.compile(r"([0-9]{1,2})(?:[:.h]([0-9]{2}))?\s*(?:([ap])\.?m\.?)?")

DeliverNow = Callable[[str], Awaitable[DeliveryState]]


class MemberService:
    """Keep what a member told about herself."""

    def __init__(
        self, members: MemberRepository, deliveries: DeliveryRepository, catalogue: Catalogue, clock: Clock, deliver_now: DeliverNow
    ) -> None:
        self._members = members
        self._deliveries = deliveries
        self._catalogue = catalogue
        self._clock = clock
        self._deliver_now = deliver_now
        self.changing: Lock = asyncio.Lock()  # read, changed and written whole: two changes at once must not undo each other
        self.zone_changed: Callable[[Member, Member], Awaitable[None]] = _nothing_follows
        """Awaited with her as she was and as she is, after she chose another zone."""

    async def get(self, member_id: int) -> Member:
        """Return the member; one who is not stored yet comes with nothing set."""
        return await self._members.get(member_id) or Member(id=member_id, created_at=self._clock.now())

    async def get_anew(self, member_id: int) -> Member:
        """Return the member as she is stored now: asked before what can't be taken back, where another process may have changed her."""
        return await self._members.get_anew(member_id) or Member(id=member_id, created_at=self._clock.now())

    async def remember(self, member_id: int) -> Member:
        """Store her as she is, so that messages can be for her; what is stored already stays."""
        return await self._change(member_id)

    async def set_zone(self, member_id: int, zone: str) -> Member:
        """Store her zone, an IANA name; raise UserFacingError where there is none of that name."""
        name = zone.strip()
        if zone_or_none(name) is None:
            found = self._catalogue.zones.find(name[:100], limit=1) if name else []
            if not found:
                raise UserFacingError(
                    "That is not a time zone I know.",
                    "Pick your region from the list in /start, or type a large city near you, such as Cairo or Lahore.",
                )
            name = found[0].zone
        before = await self.get(member_id)
        after = await self._change(member_id, zone=name)
        await self.zone_changed(before, after)
        return after

    async def set_countries(self, member_id: int, countries: frozenset[Country]) -> Member:
        """Store where she applies; at least one country."""
        if not countries:
            raise UserFacingError("No country was chosen.", "Choose the United States, Canada or both.")
        return await self._change(member_id, countries=countries)

    async def set_target_year(self, member_id: int, year: int) -> Member:
        """Store the year of the Match she aims at."""
        if year not in self.target_years():
            years = ", ".join(map(str, self.target_years()))
            raise UserFacingError(f"I hold no dates for {year}.", f"Choose one of {years}.")
        return await self._change(member_id, target_year=year)

    def target_years(self) -> tuple[int, ...]:
        """Return the years that can still be aimed at: those whose Match Day has not passed, as far as dates are held."""
        now = self._clock.now()
        return tuple(
            season.year
            for season in self._catalogue.seasons(Country.UNITED_STATES)
            if any(event.key == MATCH_DAY and event.at is not None and event.at.instant() > now for event in season.events)
        )

    async def agree_to_messages(self, member_id: int) -> Member:
        """Record her consent and prove at once that a message arrives; the member returned says whether it did."""
        now = self._clock.now()
        member = await self._change(member_id, direct_messages=DirectMessages.ON, consented_at=now, consent_version=CONSENT_VERSION)
        greeting = Delivery(
            kind=DeliveryKind.GREETING,
            recipient=member_recipient(member_id),
            source="greeting",
            source_id=new_id(),  # each try is a message of its own, also at one instant of a clock that stands
            occurrence=0,
            due_at=now,
            priority=Priority.INTERACTIVE,
        )
        await self._deliveries.add(greeting)
        state = await self._deliver_now(greeting.id)
        if state is DeliveryState.PARKED:
            # The greeting itself is worth nothing later: the inbox is for what she asked to be told.
            await self._deliveries.mark_seen([greeting.id], now)
            member = await self._change(member_id, direct_messages=DirectMessages.CLOSED)
        return member

    async def switch_messages_off(self, member_id: int) -> Member:
        """Take the consent back; whatever waits to be sent goes to her inbox instead."""
        return await self._change(member_id, direct_messages=DirectMessages.OFF, consented_at=None, consent_version=None)

    async def set_wanted(self, member_id: int, kind: MessageKind, *, wanted: bool) -> Member:
        """Switch one kind of messages on or off."""
        unwanted = (await self.get(member_id)).preferences.unwanted
        return await self.prefer(member_id, unwanted=unwanted - {kind} if wanted else unwanted | {kind})

    async def set_quiet_hours(self, member_id: int, begins: str, ends: str) -> Member:
        """Set the hours in which nothing is sent, typed as 22:00 and 7:00, or none by leaving both empty; raise UserFacingError else."""
        if not begins.strip() and not ends.strip():
            return await self.prefer(member_id, quiet=None)
        found = [read_hour(each) for each in (begins, ends)]
        if found[0] is None or found[1] is None:
            raise UserFacingError("I can't read these hours.", "Write both like 22:00 and 7:00, or leave both empty for no quiet hours.")
        if found[0] == found[1]:
            raise UserFacingError(
                "Quiet hours of a whole day would hold everything back.", "Choose two different hours, or pause everything."
            )
        if (await self.get(member_id)).zone is None:
            raise UserFacingError("I don't know your time zone yet.", "Choose it with /start; quiet hours follow your own clock.")
        return await self.prefer(member_id, quiet=QuietHours(found[0], found[1]))

    async def prefer(self, member_id: int, **changes: object) -> Member:
        """Change what she wants of the messages to her."""
        async with self.changing:
            member = await self.get_anew(member_id)
            changed = replace(member, preferences=replace(member.preferences, **changes))  # type: ignore[arg-type]  # as in _change
            await self._members.save(changed)
            return changed

    async def conversation_opened(self, member_id: int, channel_id: int) -> None:
        """Note her direct-message channel; nothing is known yet of what is sent there."""
        await self._note(member_id, lambda member: replace(member, dm_channel_id=channel_id))

    async def conversation_gone(self, member_id: int) -> None:
        """Forget her direct-message channel: it will be opened anew."""
        await self._note(member_id, lambda member: replace(member, dm_channel_id=None))

    async def messages_arrive(self, member_id: int) -> None:
        """Note that a message arrived, where it was thought that none does."""
        await self._turn(member_id, DirectMessages.CLOSED, DirectMessages.ON)

    async def messages_refused(self, member_id: int) -> None:
        """Note that Discord refuses direct messages to her."""
        await self._turn(member_id, DirectMessages.ON, DirectMessages.CLOSED)

    async def _turn(self, member_id: int, before: DirectMessages, after: DirectMessages) -> None:
        await self._note(member_id, lambda member: replace(member, direct_messages=after) if member.direct_messages is before else member)

    async def _note(self, member_id: int, change: Callable[[Member], Member]) -> None:
        """Change what is stored of a member who did not ask for it just now; nothing of one who erased her data comes back."""
        async with self.changing:
            member = await self._members.get_anew(member_id)
            if member is not None and (changed := change(member)) != member:
                await self._members.update(changed)

    async def _change(self, member_id: int, **changes: object) -> Member:
        async with self.changing:
            member = replace(await self.get_anew(member_id), **changes)  # type: ignore[arg-type]  # the callers name real fields
            await self._members.save(member)
            return member


def read_hour(text: str) -> time | None:
    """Return the time of a text such as ``22:00``, ``7`` or ``10 pm``; None for anything else."""
    found = _HOUR.fullmatch(unicodedata.normalize("NFKC", text[:20]).strip().casefold())
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    hour = 0 if hour == 24 else hour
    return time(hour, minute) if hour < 24 and minute < 60 else None


async def _nothing_follows(_before: Member, _after: Member) -> None:
    """Stand for nothing that follows her clock."""
