"""Match Week for one member: what happens when, what she says of her result, what she counts in SOAP, and the reminders of its rounds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.catalogue.catalogue import Catalogue
from bot.clock import Clock
from bot.domain.calendar import Season, SeasonEvent
from bot.domain.eligibility.verdicts import Finding
from bot.domain.matchweek import NoticeKind, PackNotice
from bot.domain.member import Country, Member
from bot.domain.own_week import (
    OFFERED,
    RESULT_DAY,
    ROUNDS,
    WEEK,
    OwnWeek,
    Result,
    Said,
    Window,
    is_told,
    may_cheer,
    said_now,
    support,
    window_of,
)
from bot.errors import UserFacingError
from bot.services.eligibility import EligibilityService
from bot.services.reminders import ReminderService, Scheduled
from bot.services.season import SeasonService
from bot.storage.match_week import MatchWeekRepository
from bot.storage.members import MemberRepository

SOAP_RULE = "us-soap"
BEFORE_A_ROUND = (timedelta(minutes=30), timedelta(0))
"""When a round of offers is reminded of."""
TRIES = 5

TOO_EARLY = UserFacingError("There is no result yet.", "Come back when results are out; /matchweek now has the time.")
NOT_OFFERED = UserFacingError("That can't be said of this match.", "Use /matchweek status and choose what is offered.")
BUSY = UserFacingError("That was changed at the same time.", "Use /matchweek status to see it as it is, then try again.")
NOT_OPEN = UserFacingError("That round has not begun.", "Use /matchweek soap to see which rounds are open.")
NO_ROUND_LEFT = UserFacingError("No round of offers lies ahead.", "Use /matchweek now to see what comes next.")


@dataclass(frozen=True, slots=True)
class Week:
    """Hold one Match Week as it stands for one member."""

    member: Member
    country: Country
    year: int
    held: OwnWeek
    events: Mapping[str, SeasonEvent]
    """Those of the week that the season holds, by key, in order."""
    season_events: Mapping[str, SeasonEvent]
    """All of the season, by key, for what a text mentions."""
    is_told: bool
    """Whether results are out."""
    said: Said | None
    """What the pack says to her now."""
    help: PackNotice | None
    soap: Finding | None
    """What the rule of SOAP gives on the answers that she saved; None where she saved none."""

    @property
    def is_asked(self) -> bool:
        """Tell whether she is to be asked for her result."""
        return self.is_told and self.held.result is None

    @property
    def wants_help(self) -> bool:
        """Tell whether it is said where help is: results are out, and she did not say that she matched."""
        return self.is_told and not may_cheer(self.held)


class OwnWeekService:
    """Keep what members say of their Match Week; nobody else is shown it, and nothing is guessed."""

    def __init__(
        self,
        weeks: MatchWeekRepository,
        members: MemberRepository,
        eligibility: EligibilityService,
        reminders: ReminderService,
        season: SeasonService,
        catalogue: Catalogue,
        clock: Clock,
    ) -> None:
        self._weeks = weeks
        self._members = members
        self._eligibility = eligibility
        self._reminders = reminders
        self._season = season
        self._catalogue = catalogue
        self._clock = clock

    def countries(self, member: Member) -> tuple[Country, ...]:
        """Return the countries whose week is shown to her."""
        return self._season.countries_for(member)

    async def week(self, member: Member, country: Country, guild_id: int | None) -> Week:
        """Return the week of her season as it stands now."""
        now, year = self._clock.now(), self._season.year_for(member)
        events = self._events(country, year, guild_id)
        held = await self._held(member.id, country, year)
        notices = self._catalogue.match_week.of(country)
        return Week(
            member,
            country,
            year,
            held,
            {key: events[key] for key in WEEK[country] if key in events},
            events,
            is_told(events, country, now),
            said_now(notices, events, held, now),
            support(notices),
            await self._soap(member.id, year) if country is Country.UNITED_STATES else None,
        )

    async def result(self, member: Member, country: Country) -> Result | None:
        """Return what she said of her result of her season, or None."""
        return (await self._held(member.id, country, self._season.year_for(member))).result

    async def say(self, member: Member, country: Country, result: Result, guild_id: int | None) -> None:
        """Keep what she says of her result; raise UserFacingError before results are out."""
        year = self._season.year_for(member)
        if result not in OFFERED[country]:
            raise NOT_OFFERED
        if not is_told(self._events(country, year, guild_id), country, self._clock.now()):
            raise TOO_EARLY
        await self._change(member.id, country, year, lambda held: held.said(result))
        if result is Result.MATCHED:
            await self._drop_rounds(member.id, year)

    async def forget(self, member: Member, country: Country) -> bool:
        """Delete all that she said of her week; return False where there is nothing."""
        year = self._season.year_for(member)
        if country is Country.UNITED_STATES:
            await self._drop_rounds(member.id, year)
        return await self._weeks.erase(member.id, country, year)

    async def count(self, member: Member, more: int) -> OwnWeek:
        """Count applications that she sent in SOAP, or take some back."""
        return await self._change(member.id, Country.UNITED_STATES, self._season.year_for(member), lambda held: held.counted(more))

    async def accept(self, member: Member, key: str, guild_id: int | None) -> OwnWeek:
        """Note that she accepted an offer in a round (an empty key: in none); of the rounds that remain she is not reminded."""
        year = self._season.year_for(member)
        events = self._events(Country.UNITED_STATES, year, guild_id)
        if key and (key not in ROUNDS or window_of(events.get(key), self._clock.now()) in (Window.AHEAD, Window.NOT_KNOWN)):
            raise NOT_OPEN

        def change(held: OwnWeek) -> OwnWeek:
            result = held.result if held.result in (Result.PARTLY, Result.NOT_MATCHED) or not key else Result.NOT_MATCHED
            return replace(held.said(result), accepted=key)

        held = await self._change(member.id, Country.UNITED_STATES, year, change)
        if key:
            await self._drop_rounds(member.id, year)
        return held

    async def remind_of_rounds(self, member: Member, guild_id: int | None, *, passes_quiet: bool) -> list[Scheduled]:
        """Set a reminder half an hour before each round that lies ahead, and one when it opens."""
        year, now = self._season.year_for(member), self._clock.now()
        events = self._events(Country.UNITED_STATES, year, guild_id)
        ahead = [
            (event, before)
            for key in ROUNDS
            if (event := events.get(key)) is not None and event.at is not None
            for before in BEFORE_A_ROUND
            if event.at.instant() - before > now
        ]
        if not ahead:
            raise NO_ROUND_LEFT
        found = [await self._reminders.remind_ahead(member.id, event, before, guild_id) for event, before in ahead]
        await self._change(member.id, Country.UNITED_STATES, year, lambda held: replace(held, passes_quiet=passes_quiet))
        return found

    async def passes_quiet(self, member_id: int, event_id: str) -> bool:
        """Tell whether a message about a date comes in her quiet hours too: the rounds of SOAP, where she wants it so."""
        country, year, key = _parts(event_id)
        if country is not Country.UNITED_STATES or key not in ROUNDS:
            return False
        return (await self._held(member_id, country, year)).passes_quiet

    async def cheer(self, member_id: int, event_id: str, guild_id: int | None) -> bool | None:
        """Tell whether good news may come with a message about a date; None where the date is not celebrated, or not here yet."""
        country, year, key = _parts(event_id)
        if country is None or key != RESULT_DAY[country]:
            return None
        if not is_told(self._events(country, year, guild_id), country, self._clock.now()):
            return None
        return may_cheer(await self._held(member_id, country, year))

    async def may_celebrate(self, member_id: int, pack_key: str) -> bool:
        """Tell whether a notice of the pack may go to her: one that celebrates only where she said that she matched."""
        notice = self._catalogue.match_week.notice(pack_key)
        if notice is None or notice.kind is not NoticeKind.CELEBRATION:
            return True
        return may_cheer(await self._held(member_id, notice.country, self._season.current_year()))

    async def _soap(self, member_id: int, year: int) -> Finding | None:
        answers = await self._eligibility.answers_for(member_id, year)
        if answers is None:
            return None
        return next((each for each in self._eligibility.check(answers).findings if each.rule.id == SOAP_RULE), None)

    async def _drop_rounds(self, member_id: int, year: int) -> None:
        await self._reminders.cancel_ahead_of(member_id, {f"{Country.UNITED_STATES.value}-{year}-{key}" for key in ROUNDS})

    def _events(self, country: Country, year: int, guild_id: int | None) -> dict[str, SeasonEvent]:
        season = self._catalogue.season(country, year) or Season(country, year, ())
        held = self._season.for_server(guild_id)
        return {event.key: held.as_held(event) for event in season.events}

    async def _held(self, member_id: int, country: Country, year: int) -> OwnWeek:
        return await self._weeks.get(member_id, country, year) or OwnWeek(member_id, country, year, self._clock.now())

    async def _change(self, member_id: int, country: Country, year: int, change: Callable[[OwnWeek], OwnWeek]) -> OwnWeek:
        await self._members.ensure(member_id, self._clock.now())
        for _ in range(TRIES):
            held = await self._held(member_id, country, year)
            saved = await self._weeks.save(replace(change(held), changed_at=self._clock.now()))
            if saved is not None:
                return saved
        raise BUSY


def _parts(event_id: str) -> tuple[Country | None, int, str]:
    code, _, rest = event_id.partition("-")
    year, _, key = rest.partition("-")
    if code not in {each.value for each in Country} or not year.isdecimal():
        return None, 0, ""
    return Country(code), int(year), key
