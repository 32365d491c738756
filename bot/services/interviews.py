"""Her interviews in use: added, timed on the program's clock, prepared, reminded of, put into a calendar; her programs move along."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.catalogue.catalogue import Catalogue
from bot.clock import Clock
from bot.domain.calendar import SeasonEvent
from bot.domain.interviews import (
    LEADS,
    MAX_INTERVIEWS,
    MAX_LINE,
    MAX_NOTES,
    MINUTES,
    Interview,
    InterviewFormat,
    InterviewState,
    Phase,
    conflicts,
    ordered,
    stage_after,
)
from bot.domain.letter_texts import one_line, read_day
from bot.domain.member import Member
from bot.domain.programs import Program
from bot.domain.reminder import ReminderKind, ReminderState
from bot.domain.when import Ambiguous, NotUnderstood, Understood, parse_when
from bot.domain.zones import WallKind
from bot.errors import UserFacingError
from bot.services.held_forms import HeldForms
from bot.services.ics import Entry, Status, written
from bot.services.programs import ProgramService
from bot.services.reminders import NOT_UNDERSTOOD, ReminderService, Scheduled
from bot.services.season import SeasonService
from bot.storage.identifiers import new_id
from bot.storage.interviews import InterviewRepository

GONE = UserFacingError("That interview is not on your list any more.", "Use /interviews list to see those that are.")
UNREADABLE = UserFacingError("What you stored of this interview can't be read any more.", "Remove it, and add it anew.")
BUSY = UserFacingError("That interview was changed at the same time.", "Use /interviews list to see it as it is, then try again.")
NO_TIME = UserFacingError("No time is noted for it.", "Note it first: press Time and place.")
NO_ZONE = UserFacingError(
    "On which clock is that?", 'Add ET, CT, MT or PT behind the time ("12 Jan 9:00 CT"), or name the program\'s city or zone.'
)
TRIES = 5
NOWHERE = "Pacific/Niue"
"""A zone in which no program lies: where a time is read on it, none was typed."""
ABOUT = "Your interviews. If one is moved, import the file again: the entry moves."


@dataclass(frozen=True, slots=True)
class Interviews:
    """Hold her interviews of a season, in the order in which they are shown, with the programs that they are of."""

    member: Member
    year: int
    now: datetime
    held: tuple[Interview, ...]
    programs: Mapping[str, Program]

    def name(self, interview: Interview) -> str:
        """Return the name of its program; it may have been removed since."""
        program = self.programs.get(interview.program_id)
        return program.name if program is not None and program.is_readable else "A program that is not on your list any more"

    def conflicts(self, interview: Interview) -> list[Interview]:
        """Return the interviews that lie too close to one."""
        return conflicts(interview, self.held)


class InterviewService:
    """Keep the interviews of every member."""

    def __init__(
        self,
        interviews: InterviewRepository,
        programs: ProgramService,
        reminders: ReminderService,
        season: SeasonService,
        catalogue: Catalogue,
        clock: Clock,
    ) -> None:
        self._interviews = interviews
        self._programs = programs
        self._reminders = reminders
        self._season = season
        self._catalogue = catalogue
        self._clock = clock
        self.forms = HeldForms(clock)

    # --- looking

    async def of(self, member: Member) -> Interviews:
        """Return her interviews of the season that she aims at."""
        year, now = self._season.year_for(member), self._clock.now()
        held = ordered(await self._interviews.of_member(member.id, year), now)
        programs = {each.id: each for each in await self._programs.of(member.id, year)}
        return Interviews(member, year, now, tuple(held), programs)

    async def get(self, member_id: int, interview_id: str) -> Interview:
        """Return an interview of hers; raise UserFacingError where it is gone or another's."""
        found = await self._interviews.get(member_id, interview_id)
        if found is None:
            raise GONE
        return found

    def deadlines_on(self, interview: Interview, member: Member, guild_id: int | None) -> list[SeasonEvent]:
        """Return the deadlines of the season that fall on its day, on the program's clock or on hers."""
        begins_at = interview.begins_at
        if begins_at is None:
            return []
        zones = [ZoneInfo(each) for each in (interview.zone, member.zone) if each]
        seasons = self._season.for_server(guild_id).seasons_of(member, interview.season_year)
        events = [event for season in seasons for event in season.events if event.is_deadline and event.at is not None]

        def is_that_day(event: SeasonEvent) -> bool:
            at = event.at.instant() if event.at is not None else begins_at
            return any(at.astimezone(zone).date() == begins_at.astimezone(zone).date() for zone in zones)

        return [each for each in events if is_that_day(each)]

    # --- changing

    async def add(self, member: Member, program: str, when: str, zone: str) -> Interview:
        """Add an interview at one of her programs (its id or name), or at a new one; raise UserFacingError for what can't be taken."""
        begins_at, found_zone = self._time(when, zone) if when.strip() else (None, self._zone(zone) if zone.strip() else "")
        year, now = self._season.year_for(member), self._clock.now()
        held = {each.id: each for each in await self._programs.of(member.id, year)}
        at = held.get(program.strip()) or (await self._programs.add(member.id, {"name": program}))[0]
        state = InterviewState.INVITED if begins_at is None else InterviewState.BOOKED
        interview = Interview(
            new_id(), member.id, year, at.id, now, now, state=state, begins_at=begins_at, zone=found_zone, invited_on=self._today(member)
        )
        if not await self._interviews.add(interview, most=MAX_INTERVIEWS):
            raise UserFacingError(f"You keep {MAX_INTERVIEWS} interviews, the most I hold.", "Remove one first.")
        await self._tell_program(interview)
        return interview

    async def set_time(self, member: Member, interview_id: str, typed: Mapping[str, str]) -> Interview:
        """Set when, where and how: ``when``, ``zone``, ``minutes``, ``format``, ``place``; an empty ``when`` takes the time back."""
        before = await self.get(member.id, interview_id)
        when, zone = typed.get("when", "").strip(), typed.get("zone", "").strip()
        begins_at, found_zone = self._time(when, zone) if when else (None, self._zone(zone) if zone else "")
        minutes = _minutes(typed.get("minutes", ""))
        is_booked = begins_at is not None and before.state in (InterviewState.INVITED, InterviewState.WAITLISTED)
        state = InterviewState.BOOKED if is_booked else before.state
        if begins_at is None and state is InterviewState.BOOKED:
            state = InterviewState.INVITED
        after = await self._change(
            member.id,
            interview_id,
            lambda each: replace(
                each,
                begins_at=begins_at,
                zone=found_zone,
                minutes=minutes,
                format=InterviewFormat(typed.get("format") or InterviewFormat.UNKNOWN),
                place=_line(typed.get("place", ""), "place or link"),
                state=state,
            ),
        )
        await self._tell_program(after)
        return await self._remind_anew(member, before, after)

    async def set_notes(self, member_id: int, interview_id: str, typed: Mapping[str, str]) -> Interview:
        """Set ``who``, ``invited_on``, ``answer_by`` and ``notes``."""
        notes = typed.get("notes", "").strip()
        if len(notes) > MAX_NOTES:
            raise UserFacingError(f"Notes have at most {MAX_NOTES} characters.", "Shorten them, then send the form again.")
        who = _line(typed.get("who", ""), "names")
        invited_on, answer_by = _day(typed.get("invited_on", "")), _day(typed.get("answer_by", ""))
        return await self._change(
            member_id, interview_id, lambda each: replace(each, who=who, notes=notes, invited_on=invited_on, answer_by=answer_by)
        )

    async def move(self, member: Member, interview_id: str, state: InterviewState) -> Interview:
        """Move an interview to a state; its program moves along, never back, and what is over is not reminded of."""
        before = await self.get(member.id, interview_id)
        if state is InterviewState.BOOKED and before.begins_at is None:
            raise NO_TIME
        after = await self._change(member.id, interview_id, lambda each: replace(each, state=state))
        await self._tell_program(after)
        return await self._remind_anew(member, before, after)

    async def tick(self, member_id: int, interview_id: str, phase: Phase, keys: Iterable[str]) -> Interview:
        """Store what she has prepared of one time, in the place of what was."""
        of_phase = {each.key for each in self._catalogue.preparation.of(phase)}
        ticked = frozenset(keys) & of_phase
        return await self._change(member_id, interview_id, lambda each: replace(each, ticks=(each.ticks - of_phase) | ticked))

    async def remove(self, member_id: int, interview_id: str) -> Interview:
        """Delete an interview with its reminders; the program stays as it is."""
        interview = await self.get(member_id, interview_id)
        await self._unremind(interview)
        if not await self._interviews.remove(member_id, interview_id):
            raise GONE
        return interview

    # --- reminders and calendar

    async def remind(self, member: Member, interview_id: str, guild_id: int | None) -> list[Scheduled]:
        """Remind a day and an hour before, as far as that lies ahead; once more, and what was set is set anew."""
        interview = await self.get(member.id, interview_id)
        if interview.begins_at is None or interview.is_over:
            raise NO_TIME
        ahead = [lead for lead in LEADS if interview.begins_at - lead > self._clock.now()]
        if not ahead:
            raise UserFacingError("It begins within the hour.", "No time is left for a reminder.")
        await self._unremind(interview)
        text = await self._reminder_text(member, interview)
        found = [
            await self._reminders.remind_at(
                member.id,
                kind=ReminderKind.OWN,
                reminder_id=new_id(),
                due_at=interview.begins_at - lead,
                text=text,
                guild_id=guild_id,
            )
            for lead in ahead
        ]
        ids = tuple(each.reminder.id for each in found)
        await self._change(member.id, interview_id, lambda each: replace(each, reminder_ids=ids))
        return found

    async def calendar(self, member: Member, interview_id: str = "") -> bytes:
        """Return the calendar file of one interview, or of all that have a time and lie ahead."""
        found = await self.of(member)
        wanted = [each for each in found.held if each.begins_at is not None and not each.is_over and interview_id in ("", each.id)]
        if not wanted:
            raise NO_TIME
        entries = [_entry(each, found.name(each)) for each in wanted]
        return await asyncio.to_thread(written, entries, f"Interviews, {found.year} Match", (), ABOUT)

    async def _remind_anew(self, member: Member, before: Interview, after: Interview) -> Interview:
        """Let reminders follow a time that changed; those of what is over go."""
        if not before.reminder_ids or (before.begins_at, before.is_over) == (after.begins_at, after.is_over):
            return after
        found = [await self._reminders.find(member.id, each) for each in before.reminder_ids]
        active = [each for each in found if each is not None and each.state is ReminderState.ACTIVE]
        await self._unremind(after)
        after = await self._change(member.id, after.id, lambda each: replace(each, reminder_ids=()))
        if active and after.begins_at is not None and not after.is_over:
            with suppress(UserFacingError):  # too late for one: the time itself is kept
                await self.remind(member, after.id, active[0].guild_id)
        return await self.get(member.id, after.id)

    async def _unremind(self, interview: Interview) -> None:
        for each in interview.reminder_ids:
            with suppress(UserFacingError):  # it came already, or she cancelled it
                await self._reminders.cancel(interview.member_id, each)

    async def _reminder_text(self, member: Member, interview: Interview) -> str:
        found = await self.of(member)
        local = interview.local()
        hers = interview.begins_at.astimezone(ZoneInfo(member.zone)) if member.zone and interview.begins_at else None
        yours = f", {hers:%a} {hers.day} {hers:%b, %H:%M} on yours" if hers and member.zone != interview.zone else ""
        when = f"{local:%a} {local.day} {local:%b %Y, %H:%M} on its clock ({interview.zone})" if local else ""
        where = f". {interview.place}" if interview.place else ""
        return f"Interview at {found.name(interview)}: {when}{yours}{where}. /interviews list has what to prepare."

    def forget(self, member_id: int) -> None:
        """Forget what she typed into a form that was refused."""
        self.forms.forget(member_id)

    # --- within

    def _today(self, member: Member) -> date:
        return self._clock.now().astimezone(ZoneInfo(member.zone or "UTC")).date()

    def _time(self, when: str, zone: str) -> tuple[datetime, str]:
        """Return the instant and the zone of what was typed; raise UserFacingError for what can't be taken."""
        named = self._zone(zone) if zone.strip() else NOWHERE
        read = parse_when(when, now=self._clock.now(), zone=named)
        if isinstance(read, NotUnderstood):
            raise UserFacingError(NOT_UNDERSTOOD[read.reason], read.hint)
        if isinstance(read, Ambiguous):
            raise UserFacingError("That can mean two times.", 'Type the month as a word: "12 Jan 2027 9:00".')
        if not isinstance(read, Understood) or read.recurrence is not None:
            raise UserFacingError("A day and an hour are needed.", 'Type them like "12 Jan 2027 9:00 CT".')
        if read.zone == NOWHERE:
            raise NO_ZONE
        if read.hour_assumed:
            raise UserFacingError("The hour is missing.", 'Type it too: "12 Jan 2027 9:00".')
        if read.kind is WallKind.GAP:
            raise UserFacingError(
                "That time does not exist on that day: clocks go forward over it.", "Ask the program which time it means."
            )
        if read.kind is WallKind.FOLD:
            raise UserFacingError(
                "That time comes twice on that day: clocks go back over it.",
                'Ask the program which one it means, then type it as "6:30 UTC", with the program\'s city as its zone.',
            )
        return read.instant, named if zone.strip() else read.zone

    def _zone(self, text: str) -> str:
        found = self._catalogue.zones.find(text.strip()[:100], 1)
        if not found:
            raise UserFacingError("I know no zone or city of that name.", "Name a larger city of that zone, such as Chicago.")
        return found[0].zone

    async def _tell_program(self, interview: Interview) -> None:
        """Let its program say how far it has come; it never goes back, and what is over stays over."""
        with suppress(UserFacingError):  # it was removed meanwhile: there is nobody to tell
            program = await self._programs.get(interview.member_id, interview.program_id)
            stage = stage_after(program.stage, interview.state) if not program.is_closed else None
            if stage is not None:
                await self._programs.move(interview.member_id, program.id, stage)

    async def _change(self, member_id: int, interview_id: str, change: Callable[[Interview], Interview]) -> Interview:
        for _ in range(TRIES):
            before = await self.get(member_id, interview_id)
            if not before.is_readable:
                raise UNREADABLE
            after = change(before)
            if after == before:
                return before
            saved = await self._interviews.save(replace(after, changed_at=self._clock.now()))
            if saved is not None:
                return saved
        raise BUSY


def _entry(interview: Interview, name: str) -> Entry:
    zone = ZoneInfo(interview.zone or "UTC")
    assert interview.begins_at is not None  # noqa: S101 - those without a time are left out
    where = f"{interview.place}\n" if interview.place else ""
    who = f"With: {interview.who}\n" if interview.who else ""
    return Entry(
        uid=f"{interview.id}@matchday",
        sequence=interview.revision,
        changed_at=interview.changed_at,
        begins=interview.begins_at.astimezone(zone),
        ends=(interview.begins_at + timedelta(minutes=interview.minutes)).astimezone(zone),
        summary=f"Interview: {name}",
        description=f"{where}{who}/interviews list in Discord has what to prepare.",
        url=None,
        status=Status.CONFIRMED,
        alarms=LEADS,
    )


def _minutes(text: str) -> int:
    found = text.strip() or "60"
    if not (found.isascii() and found.isdecimal() and len(found) < 5 and int(found) in MINUTES):
        raise UserFacingError("The length can't be read.", f"Type minutes, from {MINUTES.start} to {MINUTES.stop - 1}: 60.")
    return int(found)


def _line(text: str, what: str) -> str:
    found = one_line(text)
    if len(found) > MAX_LINE:
        raise UserFacingError(f"The {what} may have {MAX_LINE} characters.", "Shorten it, then send the form again.")
    return found


def _day(text: str) -> date | None:
    found = one_line(text)
    if not found:
        return None
    day = read_day(found)
    if day is None:
        raise UserFacingError("I can't read that day.", "Type it as 2026-11-20 or 20 Nov 2026.")
    return day
