"""Eligibility: answers checked by the rules, saved if she wishes, planned, and checked again when a rule or a date has changed."""

import hashlib
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import count

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.search import SearchIndex, normalise
from bot.clock import Clock
from bot.domain.calendar import SeasonEvent
from bot.domain.delivery import Delivery, DeliveryKind, member_recipient
from bot.domain.eligibility.ahead import Ahead, ahead_of, reminder_text
from bot.domain.eligibility.answers import Answers, School, UsStatus, VisaPlan, Way
from bot.domain.eligibility.changes import change_text, day_in_words
from bot.domain.eligibility.evaluation import Result, evaluate
from bot.domain.eligibility.plan import PlanStep, plan
from bot.domain.eligibility.saved import Change, Saved, for_match, outcomes_of, told_of
from bot.domain.eligibility.verdicts import Due, EligibilityRule
from bot.domain.ids import derived_id
from bot.domain.member import Country, Member
from bot.domain.reminder import ReminderKind
from bot.errors import UserFacingError
from bot.services.reminders import MAX_ACTIVE, NO_SUCH_REMINDER, ReminderService, Scheduled
from bot.services.season import SeasonService
from bot.storage.eligibility import SOURCE, EligibilityRepository, Rechecked
from bot.storage.members import MemberRepository

log = logging.getLogger(__name__)

AT_ONCE = 100
MOST_TURNS = 20
"""How often the reminder of one step may have been cancelled or have come, and still be found when its date moves."""
NAMES: dict[str, tuple[str, ...]] = {
    "us-school": ("Sponsor Note", "WDOMS", "medical school"),
    "us-step2": ("CK", "Step 2"),
    "us-step1-attempts": ("attempts Step 1",),
    "us-step2-attempts": ("attempts Step 2 CK",),
    "us-seven-years": ("7 years", "seven-year window"),
    "us-pathway": ("Pathways", "Step 2 CS"),
    "us-oet": ("OET", "English test"),
    "us-verified": ("verification", "exam requirements"),
    "us-certificate": ("ECFMG Certification",),
    "us-eras": ("token", "ResidencyCAS", "apply"),
    "us-nrmp": ("Match registration", "NRMP ID"),
    "us-visa": ("visa", "travel ban", "green card"),
    "us-j1": ("J1", "waiver", "two years at home"),
    "us-h1b": ("H1B", "Step 3", "proclamation"),
    "us-usce": ("USCE", "rotations", "observership", "externship"),
    "us-program-limits": ("year of graduation", "YOG", "filters", "scores"),
    "ca-language": ("IELTS", "CELPIP", "French"),
    "ca-province": ("Ontario", "Québec", "Alberta", "British Columbia", "AIMG"),
    "ca-order": ("both matches", "which match binds"),
}
"""What members call the rules beside their titles."""

NOTHING_SAVED = UserFacingError("Nothing of your eligibility is saved.", "Use /eligibility check, then press Save below the result.")
NOT_IN_PLAN = UserFacingError("That step is not in your plan any more.", "Open the plan again from the result of /eligibility check.")


class EligibilityService:
    """Check answers and keep those that members save."""

    def __init__(
        self,
        repository: EligibilityRepository,
        members: MemberRepository,
        reminders: ReminderService,
        season: SeasonService,
        catalogue: Catalogue,
        clock: Clock,
        wake: Callable[[datetime], None],
    ) -> None:
        self._repository = repository
        self._members = members
        self._reminders = reminders
        self._season = season
        self._catalogue = catalogue
        self._clock = clock
        self._wake = wake
        self._index = SearchIndex((rule.id, (rule.title, rule.id, *NAMES.get(rule.id, ()))) for rule in catalogue.rules.values())

    def check(self, answers: Answers) -> Result:
        """Return what every rule gives now."""
        return self._check(answers, self._clock.now())

    def _check(self, answers: Answers, moment: datetime) -> Result:
        return evaluate(answers, self._catalogue.rules, self._events(answers.match_year), moment)

    def plan(self, answers: Answers) -> tuple[PlanStep, ...]:
        """Return the steps that are left, what takes longest first."""
        return plan(self.check(answers))

    def rule(self, text: str) -> EligibilityRule:
        """Return the rule of an id or a loosely typed name; raise UserFacingError where nothing fits."""
        rules = self._catalogue.rules
        name = text.strip()[:100]
        if name in rules:
            return rules[name]
        found = self._index.search(name)
        if not found:
            raise UserFacingError("I know no rule of that name.", "Use /eligibility explain without a name and choose from the lists.")
        return rules[found[0]]

    def suggest(self, text: str, limit: int = 25) -> list[EligibilityRule]:
        """Return the rules that loosely typed text may mean; all of them, in order, where nothing is typed."""
        rules = self._catalogue.rules
        found = self._index.search(text[:100], limit) if normalise(text[:100]) else list(rules)
        return [rules[rule_id] for rule_id in found[:limit]]

    def rules_of(self, country: Country) -> tuple[EligibilityRule, ...]:
        """Return the rules of one country, in order."""
        return tuple(rule for rule in self._catalogue.rules.values() if rule.id.startswith(f"{country.value}-"))

    def due(self, rule: EligibilityRule, match_year: int) -> Due | None:
        """Return by when a rule asks for something, for whoever it concerns."""
        everybody = Answers(match_year, Way.BOTH, School.OTHER, us_status=UsStatus.VISA_NEEDED, visa_plan=VisaPlan.EITHER)
        return next((finding.due for finding in self.check(everybody).findings if finding.rule.id == rule.id), None)

    async def saved(self, member_id: int) -> Saved | None:
        """Return what she saved, or None."""
        return await self._repository.get(member_id)

    async def answers_for(self, member_id: int, year: int) -> Answers | None:
        """Return what she saved as it holds for the Match of a year, or None: what was answered for one season says nothing of another."""
        saved = await self.saved(member_id)
        return for_match(saved.answers, year) if saved is not None and saved.answers is not None else None

    async def save(self, member_id: int, answers: Answers) -> Saved:
        """Save the answers in the place of earlier ones; saving them twice leaves one copy."""
        now = self._clock.now()
        outcomes = outcomes_of(self.check(answers))
        saved = Saved(member_id, answers, outcomes, now, is_to_be_told=False, checked_with=self._catalogue.rules_fingerprint)
        for _ in range(2):
            # What is saved belongs to a stored member: this may be the first thing that she does here, or she erased herself just now.
            await self._members.ensure(member_id, now)
            if await self._repository.save(saved):
                break
        return await self._hers(member_id)

    async def tell(self, member_id: int, *, is_to_be_told: bool) -> Saved:
        """Switch on or off that she is told of changes; raise UserFacingError where nothing is saved."""
        await self._repository.set_told(member_id, is_to_be_told=is_to_be_told)
        return await self._hers(member_id)

    async def erase(self, member_id: int) -> bool:
        """Erase what she saved, and what waits to be told of it; return False where there was nothing."""
        return await self._repository.erase(member_id)

    async def _hers(self, member_id: int) -> Saved:
        saved = await self._repository.get(member_id)
        if saved is None:
            raise NOTHING_SAVED
        return saved

    def ahead(self, step: PlanStep, member: Member) -> Ahead | None:
        """Return the reminder that a step can have: the earliest that is left, or None where no date lies ahead."""
        return ahead_of(step, member.zone or "UTC", self._clock.now())

    async def remind(self, member: Member, answers: Answers, rule_id: str, guild_id: int | None) -> Scheduled:
        """Switch on the reminder of a step of the plan; twice changes nothing. Raises UserFacingError where there is no date ahead."""
        step = self._step(answers, rule_id)
        ahead = self.ahead(step, member)
        if ahead is None:
            raise UserFacingError(f"No date lies ahead for “{step.finding.rule.title}”.", "Choose a day of your own below the plan.")
        parts = (member.id, answers.match_year, rule_id)
        return await self._set(parts, ahead.due_at, reminder_text(step, answers.match_year), guild_id)

    async def remind_on(self, member: Member, answers: Answers, rule_id: str, when: str, guild_id: int | None) -> Scheduled:
        """Set the reminder of a step at a time that she types; raise UserFacingError for a time that can't be taken."""
        step = self._step(answers, rule_id)
        due_at = self._reminders.read_once(member, when).instant
        parts = (member.id, answers.match_year, rule_id, "own", int(due_at.timestamp()))
        return await self._set(parts, due_at, reminder_text(step, answers.match_year), guild_id)

    def _step(self, answers: Answers, rule_id: str) -> PlanStep:
        step = next((step for step in self.plan(answers) if step.finding.rule.id == rule_id), None)
        if step is None:
            raise NOT_IN_PLAN
        return step

    async def _set(self, parts: tuple[int | str, ...], due_at: datetime, text: str, guild_id: int | None, begin: int = 0) -> Scheduled:
        """Set a reminder of a step; ``parts`` name it, its member first."""
        # She may have cancelled this very one before, or it came: such a row stays what it is, and the next in line takes its place.
        for turn in count(begin):
            try:
                return await self._reminders.remind_at(
                    int(parts[0]),
                    kind=ReminderKind.OWN,
                    reminder_id=derived_id(SOURCE, *parts, turn),
                    due_at=due_at,
                    text=text,
                    guild_id=guild_id,
                )
            except UserFacingError as error:
                if error is not NO_SUCH_REMINDER:
                    raise
        raise AssertionError  # count() never ends

    async def recheck(self) -> int:
        """Check again all answers that were checked with other rules or dates, and tell those who asked; return how many were checked.

        To be run when this process begins to serve. What fails is logged and tried again at the next start.
        """
        fingerprint, last, checked = self._catalogue.rules_fingerprint, -1, 0
        try:
            while found := await self._repository.checked_with_others(fingerprint, last, AT_ONCE):
                last = found[-1].member_id
                rechecked = [self._again(saved, saved.answers) for saved in found if saved.answers is not None]
                for each in rechecked:
                    await self._follow(each)
                checked += await self._repository.settle(rechecked)
        except Exception:
            log.exception("saved answers could not all be checked again")
        if checked:
            log.info("checked %d saved answers again: a rule or a date has changed", checked)
            self._wake(self._clock.now())
        return checked

    def _again(self, before: Saved, answers: Answers) -> Rechecked:
        now = self._clock.now()
        outcomes, then = (outcomes_of(self._check(answers, moment)) for moment in (now, before.last_check))
        fingerprint = self._catalogue.rules_fingerprint
        after = replace(before, outcomes=outcomes, checked_with=fingerprint, checks=before.checks + 1, checked_at=now)
        changes = told_of(before.outcomes, then, outcomes)
        # Nobody is told of a Match that is over.
        is_told = before.is_to_be_told and bool(changes) and answers.match_year >= self._season.current_year()
        return Rechecked(before, after, self._change_of(after, answers.match_year, changes) if is_told else None)

    async def _follow(self, rechecked: Rechecked) -> None:
        """Set the reminders of steps whose dates moved anew; one for which no date lies ahead any more stays as it was set."""
        before, after = rechecked.before, rechecked.after
        moved = [rule_id for rule_id, now in after.outcomes.items() if rule_id in before.outcomes and before.outcomes[rule_id].by != now.by]
        if not moved or after.answers is None:
            return
        steps = {step.finding.rule.id: step for step in self.plan(after.answers)}
        active = {reminder.id: reminder for reminder in (await self._reminders.page(after.member_id, MAX_ACTIVE, 0))[0]}
        member = await self._members.get(after.member_id)
        for rule_id in moved:
            parts = (after.member_id, after.answers.match_year, rule_id)
            turns = (turn for turn in range(MOST_TURNS) if derived_id(SOURCE, *parts, turn) in active)
            turn, step = next(turns, None), steps.get(rule_id)
            ahead = ahead_of(step, member.zone or "UTC", self._clock.now()) if step is not None and member is not None else None
            if turn is None or step is None or ahead is None:
                continue
            old = active[derived_id(SOURCE, *parts, turn)]
            text = reminder_text(step, after.answers.match_year, f"Its date has moved, was {day_in_words(before.outcomes[rule_id].by)}.")
            # The new one first: whatever happens in between, or where no more are kept, she is reminded.
            with suppress(UserFacingError):
                await self._set(parts, ahead.due_at, text, old.guild_id, turn + 1)
                await self._reminders.cancel(after.member_id, old.id)

    def _change_of(self, after: Saved, match_year: int, changes: tuple[Change, ...]) -> Delivery:
        return Delivery(
            kind=DeliveryKind.RULE_CHANGE,
            recipient=member_recipient(after.member_id),
            source=SOURCE,
            source_id=str(after.member_id),
            occurrence=_occurrence(after),
            due_at=self._clock.now(),
            payload={"text": change_text(changes, self._catalogue.rules, match_year)},
        )

    def _events(self, match_year: int) -> Mapping[str, SeasonEvent]:
        seasons = (self._catalogue.season(country, match_year) for country in Country)
        return {event.key: event for season in seasons if season is not None for event in season.events}


def _occurrence(after: Saved) -> int:
    """Return a number of 31 bits that this check of these answers always has, so that its message is one, however often it is made."""
    parts = f"{after.checked_with}|{after.saved_at.isoformat()}|{after.checks}"
    return int.from_bytes(hashlib.sha256(parts.encode()).digest()[:4], "big") >> 1
