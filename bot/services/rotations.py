"""Rotations: added, changed, described for a writer, checked week by week, handed over to the letters, deleted."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.specialty_names import id_or_text
from bot.clock import Clock
from bot.domain.letter_drafts import days_in_words
from bot.domain.letter_texts import looks_like_letter_id, one_line, shows_something
from bot.domain.letters import MAX_WRITER, ApplicationService, WriterCountry
from bot.domain.member import Country, Member
from bot.domain.reminder import ReminderKind, ReminderState
from bot.domain.rotation_dates import DayRange, NoRange, Reason, read_range
from bot.domain.rotations import (
    MAX_DETAIL,
    MAX_PLACE,
    MAX_ROTATIONS,
    MAX_SPECIALTY,
    MAX_WRITERS,
    Details,
    Place,
    Rotation,
    RotationKind,
    ask_on,
    checked,
    week_to_check,
    weeks_of,
)
from bot.domain.zones import resolve
from bot.errors import UserFacingError
from bot.services.locks import Lock
from bot.services.reminders import NO_SUCH_REMINDER, ReminderService, Scheduled
from bot.storage.identifiers import new_id
from bot.storage.members import MemberRepository
from bot.storage.rotations import RotationRepository

MORNING = time(9)
UNSENT_KEPT = timedelta(hours=1)
MOST_UNSENT = 200
"""Refused forms that are held in memory, the newest."""

GONE = UserFacingError("That rotation is not there any more.", "Use /letters rotations to see those that are.")
NOT_YOURS = UserFacingError("That rotation is not yours.", "Use /letters rotations to see your own.")
UNREADABLE = UserFacingError("What you wrote about this rotation can't be read any more.", "Add it anew, then delete this one.")
NO_LETTER_IDS = UserFacingError(
    "That looks like a Letter ID, and I never store one.",
    "Leave it out: it belongs in the Letter Request Form, between you, ERAS and the writer.",
)
_EXAMPLES = "Type first and last day like “3 Aug 2026 to 28 Aug 2026”, or the first day and the length: “3 Aug 2026, 4 weeks”."
DATES_REFUSED = {
    Reason.EMPTY: ("No dates were given.", _EXAMPLES),
    Reason.TOO_LONG: ("That is too long for two dates.", _EXAMPLES),
    Reason.NOT_UNDERSTOOD: ("I can't read those dates.", _EXAMPLES),
    Reason.ONE_DAY: ("That is one date; a rotation has a first and a last day.", _EXAMPLES),
    Reason.NO_SUCH_DATE: ("The calendar has no such date.", "Check day, month and weekday, then send it again."),
    Reason.BACKWARDS: ("The last day lies before the first.", "Turn them round, or check the years."),
    Reason.LONGER_THAN_KEPT: ("That is longer than three years.", "Check the years, or enter it in parts."),
    Reason.TOO_FAR: ("Those dates lie too far away.", "A rotation can begin between 1970 and three years from today."),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold what she typed into the form of a rotation."""

    kind: RotationKind
    place: str
    country: WriterCountry
    specialty: str
    dates: str


@dataclass(frozen=True, slots=True)
class Unsent:
    """Hold what stood in a form that was refused, so that it can be opened again; kept in memory for an hour."""

    form: str
    rotation_id: str
    values: Mapping[str, str]
    at: datetime


class RotationService:
    """Keep the rotations of every member."""

    def __init__(
        self, rotations: RotationRepository, members: MemberRepository, reminders: ReminderService, catalogue: Catalogue, clock: Clock
    ) -> None:
        self._rotations = rotations
        self._members = members
        self._reminders = reminders
        self._catalogue = catalogue
        self._clock = clock
        self.changing: Lock = (
            asyncio.Lock()
        )  # read, changed and written whole: of two presses at once the second sees what the first one did
        self._unsent: OrderedDict[int, Unsent] = OrderedDict()

    # --- looking

    async def rotations_of(self, member_id: int) -> tuple[Rotation, ...]:
        """Return her rotations, the one that begins last first."""
        return await self._rotations.rotations_of(member_id)

    async def get(self, member_id: int, rotation_id: str) -> Rotation:
        """Return a rotation of hers; raise UserFacingError where it is gone or another's."""
        rotation = await self._rotations.get(rotation_id)
        if rotation is None:
            raise GONE
        if rotation.member_id != member_id:
            raise NOT_YOURS
        return rotation

    def today(self, member: Member) -> date:
        """Return the day that it is on her clock; UTC's where she set none."""
        return self._clock.now().astimezone(ZoneInfo(member.zone or "UTC")).date()

    def specialty_name(self, rotation: Rotation) -> str:
        """Return the specialty in words."""
        held = self._catalogue.figures.specialty(rotation.about.specialty)
        return held.name if held else rotation.about.specialty

    # --- changing

    async def add(self, member: Member, entry: Entry) -> Rotation:
        """Add a rotation; raise UserFacingError for what can't be taken, or where she keeps as many as are held."""
        rotation = Rotation(new_id(), member.id, self._clock.now(), self._place(member, entry))
        await self._members.ensure(member.id, self._clock.now())
        if not await self._rotations.add(rotation, most=MAX_ROTATIONS):
            raise UserFacingError(
                f"You keep {MAX_ROTATIONS} rotations, the most I hold.", "Delete one that you do not need, then add this one."
            )
        return rotation

    async def change(self, member: Member, rotation_id: str, entry: Entry) -> Rotation:
        """Change what it is, where and when; a reminder to ask moves along, and goes where its day has come already."""
        about = self._place(member, entry)
        async with self.changing:
            before = await self.get(member.id, rotation_id)
            after = replace(before, about=about)
            if ask_on(after.about) == ask_on(before.about) or not before.reminder_id:
                return await self._saved(before, after)
            reminder = await self._reminders.find(member.id, before.reminder_id)
            after = await self._saved(before, await self._without_reminder(after))
        if reminder is not None and reminder.state is ReminderState.ACTIVE and self._ask_at(member, after) > self._clock.now():
            await self.remind_to_ask(member, rotation_id, reminder.guild_id)
            return await self.get(member.id, rotation_id)
        return after

    async def describe(self, member_id: int, rotation_id: str, details: Details) -> Rotation:
        """Change who could write, and what the summary is made of."""
        details = _details_checked(details)
        return await self._changed(member_id, rotation_id, lambda rotation: replace(rotation, details=details))

    async def tick(self, member: Member, rotation_id: str, monday: date, habits: frozenset[str]) -> Rotation:
        """Store the self-check of a week in the place of what was; only the week that runs can be ticked."""
        known = {habit.key for habit in self._catalogue.letter_texts.habits}

        def change(rotation: Rotation) -> Rotation:
            if week_to_check(rotation.about, self.today(member)) != monday:
                raise UserFacingError("That week is over.", "Open the rotation again in /letters rotations: it shows the week that runs.")
            return replace(rotation, checks=checked(rotation.checks, monday, habits & known))

        return await self._changed(member.id, rotation_id, change)

    async def delete(self, member_id: int, rotation_id: str) -> Rotation:
        """Delete a rotation with its self-checks and its reminder; return what it was. Letters that came from it stay."""
        async with self.changing:
            rotation = await self.get(member_id, rotation_id)
            await self._without_reminder(rotation)
            if not await self._rotations.delete(rotation_id, member_id):
                raise GONE
            return rotation

    # --- asking for the letter

    async def remind_to_ask(self, member: Member, rotation_id: str, guild_id: int | None) -> Scheduled:
        """Set a reminder for the morning of the day from which to ask; setting it twice changes nothing."""
        async with self.changing:
            rotation = await self.get(member.id, rotation_id)
            if not rotation.is_readable:
                raise UNREADABLE
            due = self._ask_at(member, rotation)
            if due <= self._clock.now():
                raise UserFacingError(
                    "The day from which to ask has come already.", "Ask this week while you are there: /letters draft has words for it."
                )
            for reminder_id in filter(None, (rotation.reminder_id, new_id())):
                try:
                    scheduled = await self._reminders.remind_at(
                        member.id,
                        kind=ReminderKind.LETTER,
                        reminder_id=reminder_id,
                        due_at=due,
                        text=self._reminder_text(rotation),
                        guild_id=guild_id,
                    )
                except UserFacingError as error:
                    if error is not NO_SUCH_REMINDER:  # she cancelled that one: a new one takes its place
                        raise
                    continue
                await self._saved(rotation, replace(rotation, reminder_id=reminder_id))
                return scheduled
            raise NO_SUCH_REMINDER

    def _ask_at(self, member: Member, rotation: Rotation) -> datetime:
        return resolve(datetime.combine(ask_on(rotation.about), MORNING), member.zone or "UTC").instant

    def _reminder_text(self, rotation: Rotation) -> str:
        about = rotation.about
        where = f"{about.place}, {days_in_words(about.starts_on, about.ends_on)}"
        who = f" Who could write: {', '.join(rotation.details.writers)}." if rotation.details.writers else ""
        return (
            f"{where}: now is the time to ask for a letter, in person if you can.{who} "
            "/letters draft has words, /letters packet what to bring."
        )

    def letter_details(self, member: Member, rotation: Rotation) -> dict[str, object]:
        """Return what a letter from this rotation is known by: fields of Letter by name."""
        if not rotation.is_readable:
            raise UNREADABLE
        about = rotation.about
        is_canadian = member.countries == frozenset({Country.CANADA})
        return {
            "rotation_id": rotation.id,
            "specialty": about.specialty,
            "setting": about.kind.setting,
            "country": about.country,
            "weeks": weeks_of(about),
            "last_on": about.ends_on,
            "service": ApplicationService.CARMS if is_canadian else ApplicationService.ERAS,
        }

    # --- forms that were refused

    def keep_unsent(self, member_id: int, form: str, rotation_id: str, values: Mapping[str, str]) -> None:
        """Hold what she typed into a form that was refused."""
        self._unsent.pop(member_id, None)
        self._unsent[member_id] = Unsent(form, rotation_id, values, self._clock.now())
        while len(self._unsent) > MOST_UNSENT:
            self._unsent.popitem(last=False)

    def unsent(self, member_id: int, form: str, rotation_id: str) -> Mapping[str, str] | None:
        """Return what she typed into that form within the last hour, or None."""
        held = self._unsent.get(member_id)
        if held is None or self._clock.now() - held.at > UNSENT_KEPT:
            self._unsent.pop(member_id, None)
            return None
        return held.values if (held.form, held.rotation_id) == (form, rotation_id) else None

    def forget(self, member_id: int) -> None:
        """Forget what she typed into a form that was refused."""
        self._unsent.pop(member_id, None)

    # --- within

    async def _changed(self, member_id: int, rotation_id: str, change: Callable[[Rotation], Rotation]) -> Rotation:
        async with self.changing:
            before = await self.get(member_id, rotation_id)
            return await self._saved(before, change(before))

    async def _saved(self, before: Rotation, after: Rotation) -> Rotation:
        if not before.is_readable:
            raise UNREADABLE
        if after != before and not await self._rotations.save(after):
            raise GONE
        return after

    async def _without_reminder(self, rotation: Rotation) -> Rotation:
        if rotation.reminder_id:
            try:
                await self._reminders.cancel(rotation.member_id, rotation.reminder_id)
            except UserFacingError as error:
                if error is not NO_SUCH_REMINDER:
                    raise
        return replace(rotation, reminder_id="")

    def _place(self, member: Member, entry: Entry) -> Place:
        """Return what she typed as a place; raise UserFacingError for what can't be taken."""
        place = _line(entry.place, "The place", MAX_PLACE)
        if not shows_something(place):
            raise UserFacingError("The rotation has no place.", "Name the hospital or practice, and the department if it helps you.")
        days = self._days(member, entry.dates)
        specialty = self._specialty(_line(entry.specialty, "The specialty", MAX_SPECIALTY))
        return Place(entry.kind, place, entry.country, specialty, days.starts_on, days.ends_on)

    def _days(self, member: Member, text: str) -> DayRange:
        found = read_range(text, self.today(member))
        if isinstance(found, DayRange):
            return found
        if found.reason is Reason.AMBIGUOUS:
            raise _ambiguous(found)
        raise UserFacingError(*DATES_REFUSED[found.reason])

    def _specialty(self, text: str) -> str:
        return id_or_text(self._catalogue.figures.specialties, text) if shows_something(text) else ""


def _ambiguous(found: NoRange) -> UserFacingError:
    readings = " or ".join(days_in_words(each.starts_on, each.ends_on) for each in found.readings[:3])
    return UserFacingError("Those dates can be read in more than one way.", f"It may be {readings}. Write the month as a word.")


def _line(text: str, what: str, most: int) -> str:
    line = one_line(text)
    _refuse(line, what, most)
    return line


def _refuse(text: str, what: str, most: int) -> None:
    if len(text) > most:
        raise UserFacingError(f"{what} holds {most} characters; this has {len(text):,}.", "Shorten it, and send it again.")
    if looks_like_letter_id(text):
        raise NO_LETTER_IDS


def _details_checked(details: Details) -> Details:
    names = [one_line(name) for text in details.writers for name in text.replace(";", "\n").splitlines()]
    kept: dict[str, str] = {}
    for name in filter(shows_something, names):
        kept.setdefault(name.casefold(), name)
    writers = tuple(kept.values())
    if len(writers) > MAX_WRITERS:
        raise UserFacingError(
            f"{MAX_WRITERS} names are kept of one rotation; these are {len(writers)}.", "Keep those who saw most of your work."
        )
    for name in writers:
        _refuse(name, "A name", MAX_WRITER)
    texts = {name: _block(getattr(details, name), what) for name, what in DETAIL_NAMES.items()}
    return Details(writers, **texts)


DETAIL_NAMES = {"duties": "What you did", "cases": "Cases and projects", "feedback": "Feedback", "strengths": "Strengths"}


def _block(text: str, what: str) -> str:
    lines = [one_line(line) for line in text.splitlines()]
    block = "\n".join(line for line in lines if shows_something(line))
    _refuse(block, what, MAX_DETAIL)
    return block
