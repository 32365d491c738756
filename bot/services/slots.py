"""Slots from the member's side: seen, booked, given back, taken into a calendar; and whether a message about one is still true."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

from bot.clock import Clock
from bot.domain.delivery import Delivery
from bot.domain.slots import LEADS, Booking, BookingState, Slot, SlotState, leads_ahead
from bot.errors import UserFacingError
from bot.services import slot_messages as messages
from bot.services.members import MemberService
from bot.services.slot_messages import SlotNews
from bot.storage.identifiers import new_id
from bot.storage.slot_lists import SlotLists
from bot.storage.slots import LEAD, Refusal, SlotRepository

MOST_BOOKED = 5
"""Places that one member has in the coming slots of one server."""
ALL = 10_000
MOST_OFTEN = 3
"""How often one member may book the same slot, places that she gave back included."""

GONE = UserFacingError("That slot is not there any more.", "/ask slots shows what can be booked in this server.")
NO_BOOKING = UserFacingError("You have no place in that slot any more.", "/ask slots shows what you have booked.")
BEGUN = UserFacingError("That slot has begun or is over.", "/ask slots shows what is still ahead.")
REFUSED = {
    Refusal.GONE: GONE,
    Refusal.BEGUN: BEGUN,
    Refusal.FULL: UserFacingError("That slot is full.", "Look again later: places that are given back are free at once."),
    Refusal.OWN: UserFacingError("That slot is your own.", "/advisor slots shows who booked it."),
    Refusal.TWICE: UserFacingError("You have a place in that slot already.", "/ask slots shows it."),
    Refusal.CLASH: UserFacingError(
        "You have another slot at that time.", "Give that one back first, or choose another; /ask slots has both."
    ),
    Refusal.TOO_MANY: UserFacingError(
        f"You have {MOST_BOOKED} places in coming slots of this server.", "Give one back first: others wait for them, too."
    ),
    Refusal.TOO_OFTEN: UserFacingError(f"You have booked that slot {MOST_OFTEN} times already.", "Choose another one from /ask slots."),
}


class SlotService:
    """Give members places in slots of the server that they are in."""

    def __init__(
        self, slots: SlotRepository, lists: SlotLists, members: MemberService, clock: Clock, wake: Callable[[datetime], None]
    ) -> None:
        self._slots = slots
        self._lists = lists
        self._members = members
        self._clock = clock
        self._wake = wake

    async def page(self, guild_id: int, limit: int, offset: int = 0) -> tuple[list[Slot], bool]:
        """Return the slots of a server that have not begun, the next one first, and whether there is more."""
        found = await self._lists.upcoming(guild_id, self._clock.now(), limit + 1, offset)
        return found[:limit], len(found) > limit

    async def mine(self, member_id: int, guild_id: int | None, limit: int, offset: int = 0) -> tuple[list[tuple[Slot, Booking]], bool]:
        """Return what she has booked in a server, or everywhere, the next one first, and whether there is more."""
        found = await self._lists.booked_by(member_id, guild_id, self._clock.now(), limit + 1, offset)
        return found[:limit], len(found) > limit

    async def see(self, slot_id: str, member_id: int, guild_id: int | None) -> tuple[Slot, Booking | None]:
        """Return a slot and the place that she has in it; raise UserFacingError where it is another server's and not hers, or gone."""
        slot, place = await self._lists.get(slot_id), await self._lists.place_of(slot_id, member_id)
        if slot is None or slot.state is not SlotState.OPEN or (place is None and slot.guild_id != guild_id):
            raise GONE
        return slot, place

    async def book(self, slot_id: str, member_id: int, guild_id: int) -> tuple[Slot, Booking]:
        """Give her a place, with reminders; raise UserFacingError where she can't have one."""
        await self._members.remember(member_id)  # reminders need someone whom they are for
        now = self._clock.now()
        booking = Booking(new_id(), slot_id, member_id, BookingState.BOOKED, now, now)

        def tell(slot: Slot, places: Sequence[Booking]) -> list[Delivery]:
            return messages.booked(slot, booking, places, now)

        refusal = await self._slots.book(slot_id, booking, tell, now=now, guild_id=guild_id, at_most=MOST_BOOKED, at_most_often=MOST_OFTEN)
        if refusal is not None:
            raise REFUSED[refusal]
        slot, _ = await self.see(slot_id, member_id, guild_id)
        self._wake(now)
        for lead in leads_ahead(slot.begins_at, now):
            self._wake(slot.begins_at - lead)
        return slot, booking

    async def give_back(self, booking_id: str, member_id: int) -> Slot:
        """Give a place of hers back: its reminders stop, and the advisor is told; raise UserFacingError where she has none."""
        now = self._clock.now()

        def tell(slot: Slot, _places: Sequence[Booking]) -> list[Delivery]:
            return messages.given_back(slot, booking_id, now)

        refusal = await self._slots.give_back(booking_id, member_id, tell, now)
        if refusal is not None:
            raise BEGUN if refusal is Refusal.BEGUN else NO_BOOKING
        self._wake(now)
        found = await self._lists.booking(booking_id)
        if found is None:
            raise NO_BOOKING
        return found[0]

    async def give_all_back(self, member_id: int) -> None:
        """Give every place of hers back, before she is erased."""
        for _, booking in await self._lists.booked_by(member_id, None, self._clock.now(), ALL):
            with suppress(UserFacingError):  # it ended, or was cancelled, just now
                await self.give_back(booking.id, member_id)

    async def is_true(self, delivery: Delivery) -> bool:
        """Tell whether a message about a slot still holds: asked when its turn has come, so that what was cancelled is never sent."""
        what, slot_id = SlotNews(delivery.payload["what"]), delivery.payload["slot"]
        if what in (SlotNews.FIRST, SlotNews.FULL):
            made = await self._lists.booking(delivery.source_id.partition("-")[0])
            return made is not None and made[1].state is BookingState.BOOKED
        if delivery.source != LEAD and what not in (SlotNews.MOVED, SlotNews.PLACE):
            return True
        slot = await self._lists.get(slot_id)
        if delivery.source == LEAD and self._is_overtaken(delivery):
            return False
        if slot is None or slot.state is not SlotState.OPEN or str(slot.revision) != delivery.payload["revision"]:
            return False
        if what is SlotNews.HELD:
            return slot.taken > 0
        found = await self._lists.booking(delivery.payload["booking"])
        return found is not None and found[1].state is BookingState.BOOKED

    def _is_overtaken(self, delivery: Delivery) -> bool:
        """Tell whether a later reminder of the same slot is due already, which says the same."""
        later = LEADS[delivery.occurrence % len(LEADS) + 1 :]
        begins = datetime.fromisoformat(delivery.payload["begins_at"])
        return any(begins - lead <= self._clock.now() for lead in later)
