"""Her way in use: every checklist as it stands for her, read from what she told elsewhere, marked, planned, and what this week asks."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.catalogue.catalogue import Catalogue
from bot.clock import Clock
from bot.domain.calendar import SeasonEvent
from bot.domain.eligibility.answers import Answers
from bot.domain.eligibility.verdicts import Verdict
from bot.domain.exam_records import SCORED, SCORES, AttemptError, ExamKey, ExamRecord, answers_after, read_attempts
from bot.domain.journey import (
    MAX_EXPERIENCES,
    MAX_NOTE,
    MAX_TITLE,
    MOST_MEANINGFUL,
    Experience,
    Guide,
    GuideKey,
    Item,
    Journey,
    Mark,
    Origin,
    Progress,
    Standing,
    State,
    Who,
    is_hers,
    progress,
    standing,
)
from bot.domain.journey_told import Told, derived
from bot.domain.journey_who import among
from bot.domain.letter_texts import one_line, read_day
from bot.domain.member import Country, Member
from bot.domain.programs import Program
from bot.domain.reminder import ReminderKind
from bot.domain.zones import resolve
from bot.errors import UserFacingError
from bot.services.eligibility import EligibilityService
from bot.services.held_forms import HeldForms
from bot.services.interviews import InterviewService
from bot.services.letters import LetterService
from bot.services.own_week import OwnWeekService
from bot.services.practice import PracticeService
from bot.services.programs import ProgramService
from bot.services.rank_lists import RankListService
from bot.services.reminders import ReminderService, Scheduled
from bot.services.rotations import RotationService
from bot.services.season import SeasonService
from bot.storage.identifiers import new_id
from bot.storage.journey import JourneyRepository
from bot.storage.members import MemberRepository

VERIFIED = "us-verified"
MORNING = time(9)
EXAM_LEADS = (timedelta(days=7), timedelta(days=1))
TRIES = 5
TODAY = UserFacingError("That step is not in your list any more.", "Use /journey steps to see it as it is.")
BUSY = UserFacingError("Your list was changed at the same time.", "Use /journey steps to see it as it is, then try again.")
UNREADABLE = UserFacingError("What you marked can't be read any more.", "/journey steps offers to begin it anew; all else is untouched.")


@dataclass(frozen=True, slots=True)
class JourneyBoard:
    """Hold every checklist as it stands for one member now."""

    member: Member
    countries: tuple[Country, ...]
    year: int
    now: datetime
    today: date
    journey: Journey
    answers: Answers | None
    derived: Mapping[str, Standing]
    guides: Mapping[GuideKey, Guide]
    """Without the items that are not hers; a section without any is left out."""
    events: Mapping[tuple[Country, str], SeasonEvent]
    programs: tuple[Program, ...] = ()

    def standing(self, item: Item) -> Standing:
        """Return how far an item is, and where that is read from."""
        return standing(item, self.journey, self.derived)

    def progress(self, items: Sequence[Item]) -> Progress:
        """Return how far some items are."""
        return progress(items, self.journey, self.derived)

    def by(self, item: Item) -> SeasonEvent | None:
        """Return the date by which an item is needed: the next one that lies ahead, else the last one that has passed; None without any."""
        held = [event for each in item.by if each[0] in self.countries and (event := self.events.get(each)) is not None]
        known = sorted((each for each in held if each.at is not None), key=lambda each: each.at.instant() if each.at else self.now)
        ahead = [each for each in known if each.at is not None and each.at.instant() > self.now]
        return next(iter([*ahead, *reversed(known), *held]), None)

    def item(self, key: str) -> Item | None:
        """Return an item that is hers by its key, or None."""
        return next((each for guide in self.guides.values() for each in guide.items if each.key == key), None)

    def open_items(self, *keys: GuideKey) -> list[Item]:
        """Return the items of some checklists that are open or under way."""
        items = [each for key in keys if key in self.guides for each in self.guides[key].items if each.is_markable]
        return [each for each in items if self.standing(each).state in (State.OPEN, State.UNDER_WAY)]


@dataclass(frozen=True, slots=True)
class Trackers:
    """Hold what she tells elsewhere is read from."""

    eligibility: EligibilityService
    letters: LetterService
    rotations: RotationService
    programs: ProgramService
    interviews: InterviewService
    practice: PracticeService
    rank_lists: RankListService
    own_week: OwnWeekService


class JourneyService:
    """Keep what members mark of their way, and read the rest from what they told elsewhere."""

    def __init__(
        self,
        journeys: JourneyRepository,
        members: MemberRepository,
        trackers: Trackers,
        reminders: ReminderService,
        season: SeasonService,
        catalogue: Catalogue,
        clock: Clock,
    ) -> None:
        self._journeys = journeys
        self._members = members
        self._trackers = trackers
        self._reminders = reminders
        self._season = season
        self._catalogue = catalogue
        self._clock = clock
        self.forms = HeldForms(clock)

    # --- looking

    async def board(self, member: Member, guild_id: int | None) -> JourneyBoard:
        """Return every checklist as it stands for her, with the dates as the server holds them in which she asks."""
        countries, year = self._season.countries_for(member), self._season.year_for(member)
        answers = await self._trackers.eligibility.answers_for(member.id, year)
        journey = await self._held(member.id)
        told = await self._told(member, answers, journey, guild_id)
        hers = among(told)
        guides = {key: _hers(guide, hers, countries) for key, guide in self._catalogue.journey.guides.items()}
        found = derived(told)
        documents = progress(guides[GuideKey.DOCUMENTS].items, journey, found)
        if documents.done or documents.under_way:
            found["documents"] = Standing(State.DONE if documents.is_done else State.UNDER_WAY, Origin.DOCUMENTS)
        held = self._season.for_server(guild_id)
        seasons = [season for country in Country if (season := self._catalogue.season(country, year)) is not None]
        events = {(season.country, event.key): held.as_held(event) for season in seasons for event in season.events}
        return JourneyBoard(
            member, countries, year, self._clock.now(), self._today(member), journey, answers, found, guides, events, tuple(told.programs)
        )  # fmt: skip

    async def step2_score(self, member_id: int) -> int | None:
        """Return her score of Step 2 CK where she noted one."""
        return (await self._held(member_id)).exams.get(ExamKey.STEP2, ExamRecord()).score

    # --- marking

    async def mark(self, member: Member, key: str, state: State | None, note: str | None = None) -> None:
        """Mark an item; without a state its mark is taken back; a note of None leaves the one that is there."""
        if all(key != item.key or not item.is_markable for guide in self._catalogue.journey.guides.values() for item in guide.items):
            raise TODAY
        text = one_line(note or "")
        if len(text) > MAX_NOTE:
            raise UserFacingError(f"A note has at most {MAX_NOTE} characters.", "Shorten it, then send it again.")

        def change(held: Journey) -> Journey:
            if state is None:
                return held.marked(key, None)
            before = held.marks.get(key)
            kept = text if note is not None else before.note if before is not None else ""
            on = before.on if before is not None and before.state is state else self._today(member)
            return held.marked(key, Mark(state, on, kept))

        await self._change(member.id, change)

    async def set_experiences(self, member_id: int, text: str) -> Journey:
        """Store the titles of her experiences, one in a line, a star before the three most meaningful."""
        found: list[Experience] = []
        for number, line in enumerate([line for each in text.splitlines() if (line := one_line(each))], 1):
            title = line.removeprefix("*").strip()
            if not title or len(title) > MAX_TITLE:
                raise UserFacingError(f"Line {number} is no title of at most {MAX_TITLE} characters.", "Write one experience in each line.")
            found.append(Experience(title, line.startswith("*")))
        if len(found) > MAX_EXPERIENCES:
            raise UserFacingError(f"MyERAS takes at most {MAX_EXPERIENCES} experiences; these are {len(found)}.", "Leave some out.")
        if sum(each.is_meaningful for each in found) > MOST_MEANINGFUL:
            raise UserFacingError(f"At most {MOST_MEANINGFUL} are most meaningful.", "Put the star before three lines or fewer.")
        return await self._change(member_id, lambda held: replace(held, experiences=tuple(found)))

    async def begin_anew(self, member_id: int) -> bool:
        """Delete what she marked; return False where there is nothing. What she told elsewhere stays."""
        held = await self._held(member_id)
        for record in held.exams.values():
            await self._unremind(member_id, record)
        return await self._journeys.erase(member_id)

    # --- exams

    async def set_exam(self, member: Member, key: ExamKey, typed: Mapping[str, str]) -> ExamRecord:
        """Store what she noted of an exam: ``planned``, ``attempts`` (one in a line) and ``score``; reminders of another day go."""
        planned_text, score_text = one_line(typed.get("planned", "")), one_line(typed.get("score", ""))
        planned = read_day(planned_text) if planned_text else None
        if planned_text and planned is None:
            raise UserFacingError("I can't read the planned day.", "Type it as 2027-05-12 or 12 May 2027.")
        try:
            attempts = read_attempts(typed.get("attempts", ""), self._today(member))
        except AttemptError as error:
            raise UserFacingError(str(error), "One attempt in each line: 12 Jan 2026 failed. Or: passed, incomplete, waiting.") from None
        score = _score(score_text) if key in SCORED else None
        before = (await self._held(member.id)).exams.get(key, ExamRecord())
        record = ExamRecord(planned, attempts, score, before.reminder_ids)
        if planned != before.planned_on:
            await self._unremind(member.id, before)
            record = replace(record, reminder_ids=())
        await self._change(member.id, lambda held: replace(held, exams={**held.exams, key: record}))
        return record

    async def use_in_answers(self, member: Member, key: ExamKey) -> bool:
        """Let her saved answers say what her record says; return False where she saved none, or they say so already."""
        saved = await self._trackers.eligibility.saved(member.id)
        record = (await self._held(member.id)).exams.get(key, ExamRecord())
        if saved is None or saved.answers is None:
            return False
        after = answers_after(saved.answers, key, record)
        if after == saved.answers:
            return False
        await self._trackers.eligibility.save(member.id, after)
        return True

    async def remind_of_exam(self, member: Member, key: ExamKey, name: str, guild_id: int | None) -> list[Scheduled]:
        """Remind of a planned exam a week and a day before, in the morning on her clock."""
        record = (await self._held(member.id)).exams.get(key, ExamRecord())
        if record.planned_on is None:
            raise UserFacingError("No day is planned for it.", "Note the day first.")
        at = resolve(datetime.combine(record.planned_on, MORNING), member.zone or "UTC").instant
        ahead = [lead for lead in EXAM_LEADS if at - lead > self._clock.now()]
        if not ahead:
            raise UserFacingError("No time is left for a reminder.", "It is tomorrow or has come already.")
        await self._unremind(member.id, record)
        day = f"{record.planned_on.day} {record.planned_on:%b %Y}"
        found = [
            await self._reminders.remind_at(
                member.id,
                kind=ReminderKind.OWN,
                reminder_id=new_id(),
                due_at=at - lead,
                text=f"{name} is on {day}. /journey exams has your record.",
                guild_id=guild_id,
            )
            for lead in ahead
        ]
        ids = tuple(each.reminder.id for each in found)
        await self._change(member.id, lambda held: replace(held, exams={**held.exams, key: replace(record, reminder_ids=ids)}))
        return found

    def forget(self, member_id: int) -> None:
        """Forget what she typed into a form that was refused."""
        self.forms.forget(member_id)

    # --- within

    async def _told(self, member: Member, answers: Answers | None, journey: Journey, guild_id: int | None) -> Told:
        ranking = (await self._trackers.rank_lists.board(member.id, guild_id)).held
        interviews = await self._trackers.interviews.of(member)
        findings = self._trackers.eligibility.check(answers).findings if answers is not None else ()
        verified: Verdict | None = next((each.verdict for each in findings if each.rule.id == VERIFIED), None)
        return Told(
            answers,
            journey.exams,
            (await self._trackers.letters.board(member.id)).letters,
            await self._trackers.rotations.rotations_of(member.id),
            tuple(interviews.programs.values()),
            interviews.held,
            bool(await self._trackers.practice.rounds_of(member.id)),
            ranking,
            await self._trackers.own_week.result(member, self._season.countries_for(member)[0]),
            verified,
            has_earlier_season=any(year < interviews.year for year in await self._trackers.programs.seasons_of(member.id)),
        )

    def _today(self, member: Member) -> date:
        return self._clock.now().astimezone(ZoneInfo(member.zone or "UTC")).date()

    async def _held(self, member_id: int) -> Journey:
        return await self._journeys.get(member_id) or Journey(member_id, self._clock.now())

    async def _unremind(self, member_id: int, record: ExamRecord) -> None:
        for each in record.reminder_ids:
            with suppress(UserFacingError):  # it came already, or she cancelled it
                await self._reminders.cancel(member_id, each)

    async def _change(self, member_id: int, change: Callable[[Journey], Journey]) -> Journey:
        await self._members.ensure(member_id, self._clock.now())
        for _ in range(TRIES):
            held = await self._held(member_id)
            if not held.is_readable:
                raise UNREADABLE
            after = change(held)
            if after == held:
                return held
            saved = await self._journeys.save(replace(after, changed_at=self._clock.now()))
            if saved is not None:
                return saved
        raise BUSY


def _hers(guide: Guide, hers: Mapping[Who, bool], countries: Sequence[Country]) -> Guide:
    sections = [replace(each, items=tuple(item for item in each.items if is_hers(item, hers, countries))) for each in guide.sections]
    return replace(guide, sections=tuple(each for each in sections if each.items))


def _score(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 4 and int(text) in SCORES):
        raise UserFacingError("The score can't be read.", f"Type the number alone, from {SCORES.start} to {SCORES.stop - 1}.")
    return int(text)
