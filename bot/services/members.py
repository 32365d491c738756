"""A member's settings and her consent to direct messages."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.catalogue.catalogue import Catalogue
from bot.clock import Clock
from bot.domain.delivery import Delivery, DeliveryKind, DeliveryState, Priority, member_recipient
from bot.domain.member import Country, DirectMessages, Member
from bot.domain.zones import zone_or_none
from bot.errors import UserFacingError
from bot.storage.deliveries import DeliveryRepository
from bot.storage.identifiers import new_id
from bot.storage.members import MemberRepository

CONSENT_VERSION = 1
"""Raised whenever the sentence that members agree to changes."""

MATCH_DAY = "match-day"

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
        self._changing = asyncio.Lock()  # read, changed and written whole: two changes at once must not undo each other

    async def get(self, member_id: int) -> Member:
        """Return the member; one who is not stored yet comes with nothing set."""
        return await self._members.get(member_id) or Member(id=member_id, created_at=self._clock.now())

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
        return await self._change(member_id, zone=name)

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
        async with self._changing:
            member = await self._members.get(member_id)
            if member is not None and (changed := change(member)) != member:
                await self._members.update(changed)

    async def _change(self, member_id: int, **changes: object) -> Member:
        async with self._changing:
            member = replace(await self.get(member_id), **changes)  # type: ignore[arg-type]  # the callers name real fields
            await self._members.save(member)
            return member
