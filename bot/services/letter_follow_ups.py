"""The steps of letters' follow-ups: seen, done, skipped, moved, and brought to mind at 09:00 on her clock if she wants."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from bot.catalogue.catalogue import Catalogue
from bot.clock import Clock
from bot.domain.follow_ups import Step, kinds_of, retargeted, timeline
from bot.domain.ids import derived_id
from bot.domain.letters import FollowUp, FollowUpKind, FollowUpState, Letter, LetterState
from bot.domain.member import Member
from bot.domain.reminder import Reminder, ReminderKind, ReminderState
from bot.domain.zones import resolve
from bot.errors import UserFacingError
from bot.services.reminders import MAX_ACTIVE, NO_SUCH_REMINDER, ReminderService, Scheduled
from bot.storage.letter_follow_ups import FollowUpRepository

MORNING = time(9)
FARTHEST = timedelta(days=3 * 365)

STEP_GONE = UserFacingError("That step is not there any more.", "Use /letters followups to see the steps as they are.")
NO_ZONE = UserFacingError("I don't know your time zone yet.", "Choose it with /start; then switch the reminder on.")
PASSED = UserFacingError("That day has passed, so nothing is scheduled for it.", "Move the step to a day ahead, or skip it.")

TEXTS = {
    FollowUpKind.SIX_WEEKS: "A first courteous follow-up is due, 4 to 6 weeks before your target{target}.",
    FollowUpKind.TWO_WEEKS: "If it has not arrived, a second follow-up is due, 2 weeks before your target{target}.",
    FollowUpKind.ONE_WEEK: "If it has not arrived, a last kind reminder is due, 1 week before your target{target}.",
    FollowUpKind.THANKS: "It has arrived: time to thank the writer, and to say later how the Match went.",
}

TargetOf = Callable[[Letter], date | None]


def day_text(day: date) -> str:
    """Return a day as cards and reminders spell it: ``Thu 10 Sep 2026``."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def local_day(instant: datetime, member: Member) -> date:
    """Return the day of an instant on her clock; UTC's where she set none."""
    return instant.astimezone(ZoneInfo(member.zone or "UTC")).date()


class LetterFollowUps:
    """Keep the steps of every member's letters, and their reminders."""

    def __init__(self, follow_ups: FollowUpRepository, reminders: ReminderService, catalogue: Catalogue, clock: Clock) -> None:
        self._follow_ups = follow_ups
        self._reminders = reminders
        self._catalogue = catalogue
        self._clock = clock

    async def timelines(self, member: Member, letters: Iterable[Letter], target_of: TargetOf) -> Mapping[str, tuple[Step, ...]]:
        """Return the steps of letters by the letters' ids; a reminder that she cancelled or that came is not one any more."""
        rows = await self._follow_ups.of_member(member.id)
        if any(row.reminder_id for row in rows):
            active = {reminder.id for reminder in (await self._reminders.page(member.id, MAX_ACTIVE, 0))[0]}
            rows = tuple(row if row.reminder_id in active else replace(row, reminder_id=None) for row in rows)
        return {letter.id: timeline(letter, target_of(letter), self._arrived_on(letter, member), rows) for letter in letters}

    async def step(self, member: Member, letter: Letter, target: date | None, kind: FollowUpKind) -> Step:
        """Return one step of a letter; raise UserFacingError where the letter does not have it now."""
        steps = (await self.timelines(member, [letter], lambda _: target))[letter.id]
        step = next((each for each in steps if each.follow_up.kind is kind), None)
        if step is None:
            raise STEP_GONE
        return step

    async def settle(self, member: Member, letter: Letter, target: date | None, kind: FollowUpKind, state: FollowUpState) -> Step:
        """Note that a step is done, skipped, or to be done after all; its reminder goes when it is settled."""
        step = await self.step(member, letter, target, kind)
        row = step.follow_up if state is FollowUpState.PLANNED else await self._without_reminder(step.follow_up)
        await self._save(replace(row, state=state))
        return await self.step(member, letter, target, kind)

    async def move(self, member: Member, letter: Letter, target: date | None, kind: FollowUpKind, day: date) -> Step:
        """Move a step to another day, and its reminder with it; a day that has passed is refused."""
        today = local_day(self._clock.now(), member)
        if day < today:
            raise UserFacingError(f"{day_text(day)} has passed.", "Choose a day from today on.")
        if day > today + FARTHEST:
            raise UserFacingError("That is more than three years ahead.", "Choose a nearer day.")
        step = await self.step(member, letter, target, kind)
        if step.follow_up.state is not FollowUpState.PLANNED:
            raise UserFacingError("That step is settled already.", "Take that back first, then move it.")
        before = await self._wanted(step.follow_up)
        row = replace(await self._without_reminder(step.follow_up), due_on=day)
        await self._save(row)
        if before is not None and (at := self._morning(member, [day])) is not None:
            await self._switch_on(member, letter, target, row, at, before.guild_id)
        return await self.step(member, letter, target, kind)

    async def remind(self, member: Member, letter: Letter, target: date | None, kind: FollowUpKind, guild_id: int | None) -> Scheduled:
        """Switch the reminder of a step on; twice changes nothing. Raises UserFacingError where its day has passed."""
        if member.zone is None:
            raise NO_ZONE
        step = await self.step(member, letter, target, kind)
        at = self._morning(member, step.reminder_days(local_day(self._clock.now(), member)))
        if at is None:
            raise PASSED
        return await self._switch_on(member, letter, target, step.follow_up, at, guild_id)

    async def remind_all(self, member: Member, letter: Letter, target: date | None, guild_id: int | None) -> tuple[Scheduled, ...]:
        """Switch on the reminders of all steps that lie ahead; raise UserFacingError where none does."""
        if member.zone is None:
            raise NO_ZONE
        today = local_day(self._clock.now(), member)
        steps = (await self.timelines(member, [letter], lambda _: target))[letter.id]
        ahead = [(step.follow_up, at) for step in steps if (at := self._morning(member, step.reminder_days(today))) is not None]
        if not ahead:
            raise UserFacingError("No step of this letter lies ahead.", "Choose a new target date, or move a step to a day ahead.")
        return tuple([await self._switch_on(member, letter, target, row, at, guild_id) for row, at in ahead])

    def can_remind(self, member: Member, step: Step) -> bool:
        """Tell whether she can still be reminded of a step: 09:00 of one of its days lies ahead on her clock."""
        return self._morning(member, step.reminder_days(local_day(self._clock.now(), member))) is not None

    async def follow_zone(self, before: Member, after: Member) -> None:
        """Move the reminders that stand at 09:00 on her clock as it was to 09:00 of the same day on the new one, where that lies ahead."""
        if before.zone is None or after.zone is None or before.zone == after.zone:
            return
        old = ZoneInfo(before.zone)
        for row in await self._follow_ups.of_member(after.id):
            reminder = await self._wanted(row)
            if reminder is None or reminder.state is not ReminderState.ACTIVE:
                continue
            local = reminder.due_at.astimezone(old)
            at = resolve(datetime.combine(local.date(), MORNING), after.zone).instant
            if local.time() == MORNING and at > self._clock.now():
                await self._reminders.put_off(reminder, at)

    async def silence(self, member: Member, letter: Letter, target: date | None, kind: FollowUpKind) -> Step:
        """Switch the reminder of a step off; the step stays."""
        step = await self.step(member, letter, target, kind)
        await self._save(await self._without_reminder(step.follow_up))
        return await self.step(member, letter, target, kind)

    async def adjust(self, member: Member, before: Letter, after: Letter, targets: tuple[date | None, date | None]) -> None:
        """Let the stored steps follow a letter whose state or target has changed: reminders of what is over are cancelled.

        Steps that are over stay stored, out of sight: once the change is taken back, they stand where she had moved them and remind again.
        """
        current, had = kinds_of(after), kinds_of(before)
        for row in await self._follow_ups.of_letter(after.id, after.member_id):
            if row.state is not FollowUpState.PLANNED:
                continue
            if row.kind not in current and row.kind in had:
                await self._rest(row)
            elif row.kind not in current:
                await self._follow(row, targets)
            elif row.kind not in had:
                await self._bring_back(member, after, row, targets)
            elif targets[0] != targets[1] or before.writer != after.writer:
                await self._retarget(member, after, row, targets)

    async def _rest(self, row: FollowUp) -> None:
        """Cancel the reminder of a step that is over; its id stays only where she wanted it until now."""
        wanted = await self._wanted(row)
        await self._without_reminder(row)
        if wanted is None and row.reminder_id is not None:
            await self._save(replace(row, reminder_id=None))

    async def _follow(self, row: FollowUp, targets: tuple[date | None, date | None]) -> None:
        """Let a step that rests follow the target."""
        after = retargeted(row, *targets)
        if after is None:
            await self._follow_ups.delete(row.member_id, [row.id])
        elif after != row:
            await self._save(after)

    async def _bring_back(self, member: Member, letter: Letter, row: FollowUp, targets: tuple[date | None, date | None]) -> None:
        """Let a step stand again that was over, with the reminder that was cancelled then, where its time still lies ahead."""
        arrived_on = self._arrived_on(letter, member)
        if row.kind is FollowUpKind.THANKS and (arrived_on is None or row.due_on <= arrived_on):
            await self._follow_ups.delete(row.member_id, [row.id])  # it was for an upload that was taken back
            return
        after = retargeted(row, *targets)
        if after is None:
            await self._follow_ups.delete(row.member_id, [row.id])
            return
        reminder = await self._reminders.find(row.member_id, row.reminder_id) if row.reminder_id else None
        if reminder is None or reminder.state is not ReminderState.CANCELLED:
            await self._save(after)
            return
        after = replace(after, reminder_id=None)
        await self._save(after)
        step = await self.step(member, letter, targets[1], row.kind)
        at = self._morning(member, step.reminder_days(local_day(self._clock.now(), member)))
        if at is not None:
            await self._switch_on(member, letter, targets[1], after, at, reminder.guild_id)

    async def cancel_all(self, letter: Letter) -> None:
        """Cancel every reminder of a letter's steps, before it is deleted."""
        for row in await self._follow_ups.of_letter(letter.id, letter.member_id):
            await self._without_reminder(row)

    async def _retarget(self, member: Member, letter: Letter, row: FollowUp, targets: tuple[date | None, date | None]) -> None:
        after = retargeted(row, *targets)
        before = await self._wanted(row)
        await self._without_reminder(row)
        if after is None:
            await self._follow_ups.delete(row.member_id, [row.id])
            return
        after = replace(after, reminder_id=None)
        await self._save(after)
        if before is not None:
            step = await self.step(member, letter, targets[1], row.kind)
            at = self._morning(member, step.reminder_days(local_day(self._clock.now(), member)))
            if at is not None:
                await self._switch_on(member, letter, targets[1], after, at, before.guild_id)

    async def _wanted(self, row: FollowUp) -> Reminder | None:
        """Return the reminder of a step that she wants: one that is set, or has come; not one that she cancelled."""
        reminder = await self._reminders.find(row.member_id, row.reminder_id) if row.reminder_id else None
        return reminder if reminder is not None and reminder.state is not ReminderState.CANCELLED else None

    def _arrived_on(self, letter: Letter, member: Member) -> date | None:
        if not letter.is_in:
            return None
        at = letter.reached(LetterState.UPLOADED) or letter.reached(LetterState.ASSIGNED) or letter.changed_at
        return local_day(at, member)

    def _morning(self, member: Member, days: Iterable[date]) -> datetime | None:
        """Return the first 09:00 on her clock that lies ahead."""
        mornings = (resolve(datetime.combine(day, MORNING), member.zone or "UTC").instant for day in days)
        return next((at for at in mornings if at > self._clock.now()), None)

    async def _switch_on(
        self, member: Member, letter: Letter, target: date | None, row: FollowUp, at: datetime, guild_id: int | None
    ) -> Scheduled:
        text = self.reminder_text(letter, row.kind, target)
        # She may have cancelled this very one before: a cancelled row stays what it is, and the next in line takes its place.
        for turn in count():
            reminder_id = derived_id("letter_step", letter.id, row.kind.value, int(at.timestamp()), text, turn)
            try:
                scheduled = await self._reminders.remind_at(
                    member.id, kind=ReminderKind.LETTER, reminder_id=reminder_id, due_at=at, text=text, guild_id=guild_id
                )
            except UserFacingError as error:
                if error is not NO_SUCH_REMINDER:
                    raise
                continue
            if row.reminder_id not in (None, reminder_id):
                await self._without_reminder(row)
            await self._save(replace(row, reminder_id=reminder_id))
            return scheduled
        raise AssertionError  # count() never ends

    def reminder_text(self, letter: Letter, kind: FollowUpKind, target: date | None) -> str:
        """Return what the reminder of a step says."""
        named = self._catalogue.figures.specialty(letter.specialty)
        specialty = named.name if named else letter.specialty
        about = f"Your letter from {letter.writer}" + (f" ({specialty})" if specialty else "")
        until = f", {day_text(target)}" if target else ""
        return f"{about}: {TEXTS[kind].format(target=until)} /letters followups has the steps, /letters draft has words."

    async def _without_reminder(self, row: FollowUp) -> FollowUp:
        """Cancel the reminder of a step, if it has one that has not come; return the step without it."""
        if row.reminder_id is not None:
            try:
                await self._reminders.cancel(row.member_id, row.reminder_id)
            except UserFacingError as error:
                if error is not NO_SUCH_REMINDER:
                    raise
        return replace(row, reminder_id=None)

    async def _save(self, row: FollowUp) -> None:
        if not await self._follow_ups.save(row):
            raise STEP_GONE
