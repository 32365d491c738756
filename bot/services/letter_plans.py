"""What a member plans for her letters: season, target date, specialties, and what a letter may give context to."""

import asyncio
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from bot.catalogue.catalogue import Catalogue
from bot.clock import Clock
from bot.domain.facts import Certainty
from bot.domain.letter_mix import Season
from bot.domain.letters import ApplicationService, Circumstance, Letter, LetterPlan, default_target
from bot.domain.member import Country, Member
from bot.errors import UserFacingError
from bot.services.letter_follow_ups import FARTHEST, day_text, local_day
from bot.services.locks import Lock
from bot.services.season import SeasonService
from bot.storage.letters import LetterRepository
from bot.storage.members import MemberRepository

TWO_WEEKS = timedelta(weeks=2)
BEFORE_SOAP = timedelta(weeks=1)
REVIEW = {ApplicationService.ERAS: "us-{}-eras-review-opens", ApplicationService.RESIDENCYCAS: "us-{}-residencycas-review-opens"}
SOAP = "us-{}-soap-opens"
CARMS_DEADLINE = "ca-{}-carms-first-deadline"
MOST_SPECIALTIES = 2


class OfferKind(StrEnum):
    """What can be aimed at in the place of a target that has passed."""

    TWO_WEEKS = "two_weeks"
    SOAP = "soap"
    NEXT_SEASON = "next_season"


@dataclass(frozen=True, slots=True)
class Offer:
    """Hold one target that can still be reached."""

    kind: OfferKind
    day: date
    season_year: int
    certainty: Certainty | None = None
    """How sure the date is that the day follows from; None where it follows from no date of the season."""


@dataclass(frozen=True, slots=True)
class Target:
    """Hold by when letters had best be there: None where it is not known; a day that has passed comes with offers."""

    day: date | None
    is_hers: bool
    is_past: bool
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """Hold a member's letters of one season, and what her plan says."""

    member: Member
    season_year: int
    plan: LetterPlan
    target: Target
    letters: tuple[Letter, ...]
    other_seasons: tuple[int, ...]
    """Other seasons of which letters are stored, latest first."""
    is_current: bool = True
    """Whether this is the season that her letters are for now: only its target can be chosen."""


def _match_of(day: date) -> int:
    """Return the year of the Match whose season a day lies in; a season ends with its Match in March."""
    return day.year + 1 if day.month > 3 else day.year


class LetterPlans:
    """Keep what members plan, and say by when letters had best be there."""

    def __init__(
        self, letters: LetterRepository, stored_members: MemberRepository, season: SeasonService, catalogue: Catalogue, clock: Clock
    ) -> None:
        self._letters = letters
        self._stored_members = stored_members
        self._season = season
        self._catalogue = catalogue
        self._clock = clock
        self.changing: Lock = asyncio.Lock()  # read, changed and written whole: two changes at once must not undo each other

    async def of(self, member_id: int) -> LetterPlan:
        """Return what she plans."""
        return await self._letters.plan_of(member_id)

    async def member(self, member_id: int) -> Member:
        """Return the member; one who is not stored yet comes with nothing set."""
        return await self._stored_members.get(member_id) or Member(id=member_id, created_at=self._clock.now())

    def target_year(self, member: Member) -> int:
        """Return the Match that she aims at, or the one of the season that contains today."""
        return self._season.year_for(member)

    def season_in(self, member: Member, plan: LetterPlan) -> int:
        """Return the year of the Match that her letters are for: that of her target year, or a later one that she chose."""
        return max(self.target_year(member), plan.season_year or 0)

    def today(self, member: Member) -> date:
        """Return the day that it is on her clock."""
        return local_day(self._clock.now(), member)

    def warning_season(self, board: Board) -> Season:
        """Return what the warnings need to know."""
        events = {service: self._catalogue.event(key.format(board.season_year)) for service, key in REVIEW.items()}
        review_on = {
            service.value: event.at.local.date() for service, event in events.items() if event is not None and event.at is not None
        }
        return Season(self.today(board.member), review_on, board.target.day, board.plan.specialties)

    def target(self, member: Member, plan: LetterPlan, season_year: int) -> Target:
        """Return by when her letters of a season had best be there; where that has passed, what can be aimed at instead."""
        today = self.today(member)
        is_hers = plan.target_on is not None and season_year == self.season_in(member, plan)
        if plan.target_on is not None and plan.target_on < today and _match_of(plan.target_on) < season_year:
            is_hers = False  # it was chosen for a season that is over
        is_canadian = member.countries == frozenset({Country.CANADA})
        default = self._carms_day(season_year) if is_canadian else default_target(season_year)
        day = plan.target_on if is_hers else default
        is_past = day is not None and day < today
        return Target(day, is_hers, is_past, self.offers(member, season_year, is_canadian=is_canadian))

    def target_of(self, letter: Letter, board: Board) -> date | None:
        """Return by when one letter had best be there: its own day, else that of the plan; for CaRMS its deadline where it is known."""
        if letter.target_on is not None:
            return letter.target_on
        if letter.is_carms and not board.target.is_hers:
            return self._carms_day(letter.season_year)
        return board.target.day

    def offers(self, member: Member, season_year: int, *, is_canadian: bool) -> tuple[Offer, ...]:
        """Return the targets that can still be reached, the nearest first: never a day that has passed."""
        today = self.today(member)
        found = [Offer(OfferKind.TWO_WEEKS, today + TWO_WEEKS, season_year)]
        soap = self._catalogue.event(SOAP.format(season_year))
        if soap is not None and soap.at is not None and not is_canadian:
            found.append(Offer(OfferKind.SOAP, soap.at.local.date() - BEFORE_SOAP, season_year, soap.citation.certainty))
        if not is_canadian and season_year <= self.target_year(member):
            found.append(Offer(OfferKind.NEXT_SEASON, default_target(season_year + 1), season_year + 1))
        return tuple(sorted((offer for offer in found if offer.day > today), key=lambda offer: offer.day))

    def _carms_day(self, season_year: int) -> date | None:
        event = self._catalogue.event(CARMS_DEADLINE.format(season_year))
        return event.at.local.date() if event is not None and event.at is not None else None

    def require_ahead(self, member: Member, day: date) -> None:
        """Raise UserFacingError for a day that has passed or lies too far ahead."""
        today = self.today(member)
        if day < today:
            raise UserFacingError(
                f"{day_text(day)} has passed.", "A target lies ahead: choose a later day, two weeks from today, SOAP, or the next season."
            )
        if day > today + FARTHEST:
            raise UserFacingError("That is more than three years ahead.", "Choose a nearer day.")

    async def set_specialties(self, member_id: int, specialties: tuple[str, ...]) -> LetterPlan:
        """Store to which one or two specialties she applies; raise UserFacingError for one that is not held."""
        chosen = tuple(dict.fromkeys(specialties))
        if len(chosen) > MOST_SPECIALTIES or any(self._catalogue.figures.specialty(each) is None for each in chosen):
            raise UserFacingError("Those specialties can't be chosen.", "Use /letters plan again, and choose one or two from the list.")
        return await self.change(member_id, specialties=chosen)

    async def set_circumstances(self, member_id: int, circumstances: frozenset[Circumstance]) -> LetterPlan:
        """Store what a letter may give context to."""
        return await self.change(member_id, circumstances=circumstances)

    async def change(self, member_id: int, **changes: object) -> LetterPlan:
        """Store what she plans, with fields of LetterPlan by name."""
        async with self.changing:
            plan = replace(await self.of(member_id), **changes)  # type: ignore[arg-type]  # the callers name real fields
            await self.ensure_member(member_id)
            await self._letters.save_plan(plan)
            return plan

    async def ensure_member(self, member_id: int) -> None:
        """Store the member where she is not yet."""
        # A letter belongs to a stored member: this may be the first thing that she ever does here.
        if await self._stored_members.get(member_id) is None:
            await self._stored_members.save(Member(id=member_id, created_at=self._clock.now()))
