"""Interview invitations that members of a server heard of: reported, taken back, shown once enough have, hidden by moderators."""

from collections import OrderedDict, deque
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.domain.interviews_heard import MAX_PROGRAM, Report, ShownProgram, clean_name, program_id_of, program_key, read_heard
from bot.domain.servers import Deed
from bot.errors import UserFacingError
from bot.services.members import MemberService
from bot.services.season import ORGANISER, SeasonService
from bot.services.servers import ServerService
from bot.storage.interviews_heard import Hidden, InterviewsHeardRepository

OPENS = "eras-submission-opens"
"""The event with which applications open."""
MOST_A_DAY = 10
MOST_A_SEASON = 150
"""Reports of one member in one server."""
DAY = timedelta(days=1)
MOST_WATCHED = 2_000
MOST_NAMES = 200
MOST_LISTED = 25

NO_NAME = UserFacingError(
    "I can't take that as the name of a program.",
    f"Type its name as the program writes it: 3 to {MAX_PROGRAM} letters, digits and common signs; no address, no mention.",
)
NO_DAY = UserFacingError("I can't read that day.", "Type it like 20 Nov 2026, 2026-11-20, today or yesterday.")
AHEAD = UserFacingError("That day lies ahead.", "Report the day on which you heard: today, or one that has passed.")
TOO_FAST = UserFacingError(f"You have reported {MOST_A_DAY} times within a day.", "Nothing was stored. Report more tomorrow.")
TOO_MANY = UserFacingError(f"You have {MOST_A_SEASON} reports in this server.", "Take one back first: /interviews heard, Your reports.")
HIDDEN = UserFacingError("Moderators of this server have hidden that program.", "Nothing was stored. If that is a mistake, write to them.")
NOT_SHOWN = UserFacingError("That program is not shown any more.", "Use /interviews heard to see those that are.")
NOT_HIDDEN = UserFacingError("That program is not hidden any more.", "Use /interviews heard to see what is shown.")
NOT_HERS = UserFacingError("You have no such report any more.", "Use /interviews heard, Your reports, to see those that you have.")


@dataclass(frozen=True, slots=True)
class Board:
    """Hold one page of what is shown in a server's season."""

    year: int
    programs: tuple[ShownProgram, ...]
    total: int


class InterviewsHeardService:
    """Keep what members report; who reported is told to nobody."""

    def __init__(
        self, reports: InterviewsHeardRepository, members: MemberService, season: SeasonService, servers: ServerService, clock: Clock
    ) -> None:
        self._reports = reports
        self._members = members
        self._season = season
        self._servers = servers
        self._clock = clock
        self._lately: OrderedDict[tuple[int, int], deque[datetime]] = OrderedDict()
        self._names: dict[tuple[int, int], list[str]] = {}
        self._changes = 0

    async def today_of(self, member_id: int) -> date:
        """Return the day on her clock; on the organiser's where she has told none."""
        zone = (await self._members.get(member_id)).zone
        return self._clock.now().astimezone(ZoneInfo(zone) if zone else ORGANISER).date()

    async def report(self, guild_id: int, member_id: int, program: str, typed: str) -> Report:
        """Keep that she heard from a program on a day, in the place of what she reported of it before.

        Raises:
            UserFacingError: The name or the day can't be, she reports too much, or moderators hid the program.
        """
        name = clean_name(program)
        if name is None:
            raise NO_NAME
        heard_on = self._plausible(read_heard(typed, await self.today_of(member_id)), await self.today_of(member_id))
        year = self._season.current_year()
        report = Report(guild_id, program_id_of(guild_id, year, name), year, name, heard_on)
        if await self._reports.is_hidden(guild_id, report.program_id):
            raise HIDDEN
        self._slow_down(guild_id, member_id)
        await self._members.remember(member_id)
        if not await self._reports.add(report, member_id, self._clock.now(), MOST_A_SEASON):
            raise TOO_MANY
        self.forget_names()
        return report

    async def take_back(self, member_id: int, guild_id: int, program_id: str) -> None:
        """Delete a report of hers; raise UserFacingError where she has none."""
        if not await self._reports.take_back(member_id, guild_id, program_id):
            raise NOT_HERS
        self.forget_names()

    async def mine(self, member_id: int, guild_id: int | None) -> list[Report]:
        """Return her newest reports in a server, or everywhere."""
        return await self._reports.of_member(member_id, guild_id, MOST_LISTED)

    async def board(self, guild_id: int, limit: int, offset: int = 0) -> Board:
        """Return what is shown in a server in the season that contains today."""
        year = self._season.current_year()
        programs = await self._reports.shown(guild_id, year, limit, offset)
        return Board(year, tuple(programs), await self._reports.how_many_shown(guild_id, year))

    async def suggest(self, guild_id: int, typed: str, limit: int = 25) -> list[str]:
        """Return names for what is typed, only of programs that are shown; those that begin with it first."""
        key = guild_id, self._season.current_year()
        names, changes = self._names.get(key), self._changes
        if names is None:
            names = [each.name for each in await self._reports.shown(*key, MOST_NAMES)]
            if changes == self._changes:  # else what was read may be older than what was written meanwhile
                self._names[key] = names
        wanted = program_key(typed[:MAX_PROGRAM])
        found = [name for name in names if wanted in program_key(name)]
        return sorted(found, key=lambda name: not program_key(name).startswith(wanted))[:limit]

    async def hide(self, guild_id: int, actor_id: int, program_id: str) -> str:
        """Hide a program that is shown, and record who did it; return its name."""
        year = self._season.current_year()
        shown = next((each for each in await self._reports.shown(guild_id, year, 1_000) if each.program_id == program_id), None)
        if shown is None or not await self._reports.hide(Hidden(program_id, shown.name), guild_id, year, self._clock.now()):
            raise NOT_SHOWN
        self.forget_names()
        await self._servers.note(guild_id, actor_id, Deed.PROGRAM_HIDDEN, {"program": shown.name})
        return shown.name

    async def hidden(self, guild_id: int) -> list[Hidden]:
        """Return what moderators hid in the season that contains today."""
        return await self._reports.hidden(guild_id, self._season.current_year(), MOST_LISTED)

    async def show_again(self, guild_id: int, actor_id: int, program_id: str) -> str:
        """Hide a program no more, and record who did it; return its name. It is shown again once enough members have reported it."""
        name = next((each.name for each in await self.hidden(guild_id) if each.program_id == program_id), None)
        if name is None or not await self._reports.show_again(guild_id, program_id):
            raise NOT_HIDDEN
        self.forget_names()
        await self._servers.note(guild_id, actor_id, Deed.PROGRAM_SHOWN, {"program": name})
        return name

    def forget_names(self) -> None:
        """Read the names of programs that are shown anew: another process changed them."""
        self._changes += 1
        self._names.clear()

    def forget(self, member_id: int) -> None:
        """Forget how often a member reported lately, and the names that may be hers."""
        self.forget_names()
        for key in [key for key in self._lately if key[1] == member_id]:
            del self._lately[key]

    def _plausible(self, heard_on: date | None, today: date) -> date:
        if heard_on is None:
            raise NO_DAY
        if heard_on > today:
            raise AHEAD
        year, opened = self._season.current_year(), self._opened()
        told = f"Applications of the {year} season opened on {opened.day} {opened:%B %Y}"
        if today < opened:
            raise UserFacingError(f"Applications of the {year} season have not opened.", f"{told.replace('opened', 'open')}; report then.")
        if heard_on < opened:
            raise UserFacingError("That day lies before the season.", f"{told}; check day and year.")
        return heard_on

    def _opened(self) -> date:
        year = self._season.current_year()
        event = self._season.event(f"us-{year}-{OPENS}")
        if event is not None and event.at is not None:
            return event.at.local.date()
        return self._season.begins(year)

    def _slow_down(self, guild_id: int, member_id: int) -> None:
        """Count this report; raise UserFacingError where there were too many within a day, those taken back among them."""
        now = self._clock.now()
        lately = self._lately.setdefault((guild_id, member_id), deque())
        while lately and lately[0] <= now - DAY:
            lately.popleft()
        if len(lately) >= MOST_A_DAY:
            raise TOO_FAST
        lately.append(now)
        self._lately.move_to_end((guild_id, member_id))
        if len(self._lately) > MOST_WATCHED:
            self._lately.popitem(last=False)
