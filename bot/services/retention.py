"""The daily look at what expires: members are told, may keep it, and are erased; servers that left are erased after a grace."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.domain.delivery import Delivery, DeliveryKind, Priority, job_recipient, member_recipient, recipient_member
from bot.domain.ids import derived_id
from bot.domain.member import Member
from bot.domain.retention import SERVER_GRACE, Notice, Step, Term, step_for, twelve_months_after
from bot.domain.zones import resolve
from bot.errors import UserFacingError
from bot.services.locks import Lock
from bot.services.season import ORGANISER
from bot.storage.deliveries import DeliveryRepository
from bot.storage.erasure_log import Erased, ErasureLog
from bot.storage.members import MemberRepository
from bot.storage.retention import RetentionRepository
from bot.storage.server_erasure import ServerErasureRepository

log = logging.getLogger(__name__)

SOURCE, LOOK = "expiry", "expiry-look"
AT_ONCE = 400
MOST_CHANGES = 1_000
"""How many members one look tells or erases; what is left follows a minute later, so that nobody's answer waits."""
MORNING = time(9)
LOOK_AT = time(3)
"""When the day's look falls due, on the organiser's clock."""
NOT_YOURS = UserFacingError("That notice is not yours.", "/mydata show says how long what is stored of you is kept.")
NOTHING_STORED = UserFacingError("Nothing is stored of you, so there is nothing to keep.", "/start begins anew, if you wish to.")


class RetentionService:
    """Let what is stored last as long as it was said to last, and no longer."""

    def __init__(
        self,
        terms: RetentionRepository,
        servers: ServerErasureRepository,
        members: MemberRepository,
        deliveries: DeliveryRepository,
        clock: Clock,
        wake: Callable[[datetime], None],
        erasures: ErasureLog,
    ) -> None:
        self._terms = terms
        self._servers = servers
        self._members = members
        self._deliveries = deliveries
        self._clock = clock
        self._wake = wake
        self._erasures = erasures
        self.changing: Lock = asyncio.Lock()  # who presses Keep while a look goes on is either kept or gone, never half of each
        self.erase_member: Callable[[int], Awaitable[object]] = _nothing_follows
        """Awaited with a member whose term is over: erases all that is stored of her, as she could herself."""
        self.stop_messages: Callable[[int], Awaitable[object]] = _nothing_follows
        """Awaited with a member who took the app off her account: direct messages to her stop."""
        self.before_server: Callable[[int], Awaitable[object]] = _nothing_follows
        """Awaited with a server before it is erased: what follows its dates goes back to the season's."""
        self.after_server: Callable[[int], object] = lambda _guild_id: None
        """Called with a server that was erased: what is remembered of it is forgotten."""

    async def plan(self, after: timedelta | None = None) -> None:
        """Make the row of the next look, by which it comes even where the bot is off then; made again, it is the same one."""
        now = self._clock.now()
        due = now + after if after is not None else _next_at(now, LOOK_AT, ORGANISER.key)
        look = Delivery(DeliveryKind.EXPIRY_LOOK, job_recipient(LOOK), LOOK, LOOK, int(due.timestamp()), due, priority=Priority.BULK)
        if await self._deliveries.add(look):
            self._wake(due)

    async def look(self, present: Collection[int]) -> bool:
        """Do what is due today; ``present`` are the servers that the bot is in. Return whether more is left for a moment later."""
        await self._look_at_servers(present)
        for person, last_act in (await self._terms.strangers(self._clock.now())).items():
            # Named in what a server keeps, without settings of her own: so that she can be told, she gets an inbox.
            await self._members.save(Member(id=person, created_at=last_act))
        await self._take_back_untrue()
        changed, after = 0, -1
        while found := await self._terms.over(self._clock.now(), after=after, limit=AT_ONCE):
            for term, notices in found:
                changed += await self._safely(term, notices)
                if changed >= MOST_CHANGES:
                    return True
            after = found[-1][0].member_id
        return False

    async def keep(self, member_id: int, delivery_id: str | None = None) -> date:
        """Keep what is stored of a member for twelve more months from today; return the last day.

        Raises:
            UserFacingError: Nothing is stored of her, or the notice is another's.
        """
        async with self.changing:
            notice = await self._deliveries.get(delivery_id) if delivery_id is not None else None
            if notice is not None and recipient_member(notice.recipient) != member_id:
                raise NOT_YOURS
            until = twelve_months_after(self._clock.now().date())
            if not await self._terms.keep(member_id, until):
                raise NOTHING_STORED
            return until

    async def last_day(self, member_id: int) -> date | None:
        """Return the last day of what is stored of a member as it is now; None where nothing is."""
        found = await self._terms.term(member_id)
        return found[0].ends()[0] if found is not None else None

    async def app_removed(self, member_id: int, at: datetime) -> None:
        """Note that a member took the app off her account: nothing is sent to her any more, and what is stored ends after a grace.

        Word of it may come late or twice: what she did after ``at`` counts more.
        """
        async with self.changing:
            found = await self._terms.term(member_id)
            if found is None or found[0].last_act > at:
                return
            await self.stop_messages(member_id)
            await self._terms.removed(member_id, at)
        log.info("a member took the app off her account")

    async def server_gone(self, guild_id: int) -> None:
        """Note that the bot was removed from a server."""
        await self._servers.mark([guild_id], self._clock.now())

    async def server_back(self, guild_id: int) -> None:
        """Note that the bot is in a server again."""
        await self._servers.unmark([guild_id])

    async def erase_server(self, guild_id: int) -> None:
        """Erase a server now, as after its grace: it was erased before, and a backup brought it back."""
        now = self._clock.now()
        await self._servers.mark([guild_id], now)
        await self._erase_server(guild_id, now, now)

    # --- within

    async def _erase_server(self, guild_id: int, before: datetime, now: datetime) -> None:
        begun = await self._erasures.begin(Erased.SERVER, guild_id)
        try:
            await self.before_server(guild_id)
            erased = await self._servers.erase(guild_id, before, now)
        except Exception:
            if guild_id in await self._servers.known():
                await self._erasures.end(begun, left=True)
            raise
        await self._erasures.end(begun, left=not erased)
        self.after_server(guild_id)

    async def _look_at_servers(self, present: Collection[int]) -> None:
        now, marked = self._clock.now(), await self._servers.removed()
        await self._servers.unmark([each for each in marked if each in present])
        gone = await self._servers.known() - set(present)
        await self._servers.mark(gone - marked.keys(), now)  # it was removed while nobody listened: the grace begins now
        for guild_id, since in marked.items():
            if guild_id not in present and since + SERVER_GRACE <= now:
                try:
                    await self._erase_server(guild_id, now - SERVER_GRACE, now)
                    log.info("a server was erased, %d days after the bot was removed from it", (now - since).days)
                except Exception:  # the others are looked at all the same, and this one again tomorrow
                    log.exception("a server could not be erased")

    async def _take_back_untrue(self) -> None:
        """Take back notices that hold no more: she aims at a later year by now, or did something since."""
        now, untrue = self._clock.now(), list[str]()
        for term, notices in await self._terms.told():
            said = notice_id(term) if term.is_over(now) else None
            untrue += [each for each in notices if each != said]
        for start in range(0, len(untrue), AT_ONCE):
            await self._terms.take_back(untrue[start : start + AT_ONCE])

    async def _safely(self, term: Term, notices: Mapping[str, Notice]) -> bool:
        try:
            return await self._one(term, notices)
        except Exception:  # whatever it was, the others are looked at all the same, and she again tomorrow
            log.exception("what expires of one member could not be looked at")
            return False

    async def _one(self, term: Term, notices: Mapping[str, Notice]) -> bool:
        """Do what is due for one member; return whether she was told or erased."""
        now = self._clock.now()
        match step_for(term, notices.get(notice_id(term)), now):
            case Step.TELL:
                return await self._tell(term, now)
            case Step.NOTE:
                await self._terms.waits(term.member_id, now)
            case Step.GO_ON:
                await self._terms.keep(term.member_id, twelve_months_after(term.last_act.date()))
            case Step.ERASE:
                return await self._erase(term.member_id, now)
            case Step.NOTHING:
                pass
        return False

    async def _tell(self, term: Term, now: datetime) -> bool:
        last, why = term.ends()
        due = _next_at(now, MORNING, await self._zone_of(term.member_id))
        notice = Delivery(
            kind=DeliveryKind.EXPIRY,
            recipient=member_recipient(term.member_id),
            source=SOURCE,
            source_id=SOURCE,
            occurrence=last.toordinal(),
            due_at=due,
            priority=Priority.BULK,
            payload={"last": last.isoformat(), "why": why.value},
        )
        await self._terms.waits(term.member_id, None)
        if await self._deliveries.add(notice):
            self._wake(due)
            return True
        return False

    async def _erase(self, member_id: int, now: datetime) -> bool:
        async with self.changing:
            found = await self._terms.term(member_id)  # once more: she may have pressed Keep since it was read
            if found is None or step_for(found[0], found[1].get(notice_id(found[0])), now) is not Step.ERASE:
                return False
            await self.erase_member(member_id)
        log.info("a member was erased after her notice")
        return True

    async def _zone_of(self, member_id: int) -> str:
        try:
            member = await self._members.get(member_id)
        except Exception:  # what can't be read with the key file expires all the same
            log.exception("a member's settings can't be read; she is told on the organiser's clock")
            return ORGANISER.key
        return (member.zone if member is not None else None) or ORGANISER.key


def notice_id(term: Term) -> str:
    """Return the id of the notice about this very end of a term: each end is told once."""
    last, _ = term.ends()
    return derived_id(SOURCE, SOURCE, last.toordinal(), member_recipient(term.member_id))


def _next_at(now: datetime, at: time, zone: str) -> datetime:
    """Return when a clock in a zone shows a time next."""
    today = now.astimezone(ZoneInfo(zone)).date()
    coming = (resolve(datetime.combine(today + timedelta(days=days), at), zone).instant for days in (0, 1, 2))
    return next(instant for instant in coming if instant > now)


async def _nothing_follows(_id: int) -> None:
    """Stand for nothing that follows."""
