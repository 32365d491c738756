"""One exam: her record, what her saved answers say of it, how long it counts, a plan of study, and what is held about it."""

from typing import Any

import discord

from bot.domain.exam_records import CANADIAN, EXAM_NAMES, ExamKey, ExamRecord, answers_after, counts_until, study_plan, window_ends
from bot.domain.journey import GuideKey, Origin, Section
from bot.services.bundle import Services
from bot.services.journey import JourneyBoard
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card
from cogs._ui.reminders import several_card
from cogs.journey import _words as words
from cogs.journey._forms import FillExam, exam_in
from cogs.journey._guide import OpenItem
from cogs.journey._ways import STALE, View, go, show, shows

USE = "Your saved answers say something else. **Take it over** lets them say what stands here; nothing is asked again."
TOO_SHORT = "Little time is left: the official practice test, what it shows, and sleep."
PLAN = "A plan of ours, no rule; move the days as your life is."


class RemindOfExam(Action, prefix="journey:examremind"):
    """Remind of the planned exam in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Set the reminders, and show when they come."""
        services: Services = interaction.client.services
        member = await services.members.get(interaction.user.id)
        key = exam_in(self.key)
        found = await services.journey.remind_of_exam(member, key, EXAM_NAMES[key], interaction.guild_id)
        await send_card(interaction, several_card(services, found, member))


class UseInAnswers(Action, prefix="journey:use"):
    """Let her saved answers say what her record of the exam in the key says."""

    async def act(self, interaction: Interaction) -> None:
        """Save them, and show the exam."""
        services: Services = interaction.client.services
        member = await services.members.get(interaction.user.id)
        key = exam_in(self.key)
        was_changed = await services.journey.use_in_answers(member, key)
        done = "**Taken over** into your saved answers; /eligibility saved shows them." if was_changed else "They say so already."
        await show(interaction, View.EXAM, key.value, done)


@shows(View.EXAM)
async def exam_card(interaction: Interaction, board: JourneyBoard, rest: str, done: str) -> Card:
    """Return one exam."""
    del interaction
    key = exam_in(rest)
    section = board.guides[GuideKey.EXAMS].section(key.value)
    if section is None:
        raise STALE
    record = board.journey.exams.get(key, ExamRecord())
    differs = board.answers is not None and answers_after(board.answers, key, record) != board.answers
    facts = [f"**{each.title}**\n{each.what}" for each in section.items]
    return card(
        section.title,
        done,
        _record_text(board, key, record),
        USE if differs else "",
        _plan_text(board, record),
        *facts,
        meaning=Meaning.YOURS,
        rows=_rows(board, key, section, record, differs=differs),
        quiet=words.PRIVATE,
    )


def _record_text(board: JourneyBoard, key: ExamKey, record: ExamRecord) -> str:
    standing = board.derived.get(key.value)
    lines: list[str] = []
    if not record.says_something:
        known = standing is not None and standing.origin is Origin.ANSWERS
        lines.append(f"**How it stands:** {words.standing_text(standing)}." if standing and known else "Nothing is noted of it yet.")
    if record.attempts:
        tries = "; ".join(f"{words.day_text(each.on)}: {words.OUTCOMES[each.outcome]}" for each in record.attempts)
        lines.append(f"**Taken:** {tries}")
    if record.planned_on is not None and record.passed is None:
        days = (record.planned_on - board.today).days
        left = "today" if days == 0 else f"{days} days" if days > 0 else "that day has passed: note how it went"
        lines.append(f"**Planned:** {words.day_text(record.planned_on)}, {left}")
    if record.score is not None:
        lines.append(f"**Score:** {record.score}")
    until = counts_until(key, record)
    if until is not None:
        lines.append(f"**Counts until about:** {words.day_text(until)}; ask ECFMG which sittings count for your season.")
    window = window_ends(board.journey.exams) if key in (ExamKey.STEP1, ExamKey.STEP2) else None
    if window is not None:
        lines.append(f"**Seven years from your first pass:** {words.day_text(window)}")
    return "\n".join(lines)


def _plan_text(board: JourneyBoard, record: ExamRecord) -> str:
    if record.planned_on is None or record.passed is not None or record.planned_on <= board.today:
        return ""
    parts = study_plan(board.today, record.planned_on)
    if not parts:
        return f"**Until then:** {TOO_SHORT}"
    weeks = (record.planned_on - board.today).days // 7
    lines = [f"- {words.day_text(each.begins)} to {words.day_text(each.ends)}: {each.what}" for each in parts]
    return "\n".join([f"**Until then, {weeks} weeks**", *lines, f"-# {PLAN}"])


def _rows(board: JourneyBoard, key: ExamKey, section: Section, record: ExamRecord, *, differs: bool) -> list[list[discord.ui.Item[Any]]]:
    buttons: list[discord.ui.Item[Any]] = [FillExam(key.value, label="Note days and results", style=discord.ButtonStyle.primary)]
    if differs:
        buttons.append(UseInAnswers(key.value, label="Take it over"))
    if record.planned_on is not None and record.planned_on > board.today and record.passed is None:
        buttons.append(RemindOfExam(key.value, label="Remind me"))
    options = [discord.SelectOption(label=each.title[:100], value=each.key) for each in section.items]
    others: list[discord.ui.Item[Any]] = [go("All exams", View.GUIDE, GuideKey.EXAMS.value)]
    if key not in CANADIAN:
        others.append(go("Its dates and steps", View.SECTION, GuideKey.STEPS.value, "exams"))
    return [buttons, [OpenItem(options=options, placeholder="Sources of what is said here")], others]


ITEMS = (RemindOfExam, UseInAnswers)
