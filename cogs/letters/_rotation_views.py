"""One rotation: what it is, when to ask, the self-check of the week, and what can be done with it."""

from datetime import date, timedelta

import discord

from bot.domain.letter_drafts import DraftKind, days_in_words
from bot.domain.member import Member
from bot.domain.rotations import Moment, Rotation, ask_on, length_in_words, moment, week_number, week_to_check
from bot.errors import UserFacingError
from bot.services.bundle import Services
from bot.services.letter_follow_ups import day_text
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, plain, send_card, shortened
from cogs._ui.reminders import scheduled_card
from cogs.letters._buttons import AllRotations, OpenPacket, OpenRotation, Shows, draft_button, draws, whom_letter, whom_rotation
from cogs.letters._filling import known_for, summary_card
from cogs.letters._guidance import KINDS, STALE, advice_lines
from cogs.letters._rotation_forms import DETAILS, PLACE, OpenForm
from cogs.letters._words import COUNTRIES

WEEKS_SHOWN = 4
DETAIL_LENGTH = 260
"""So much of each text stands on the card; the form and the summary hold all of it."""
PRIVATE = "Only you see this. Places, names, notes and self-checks are stored encrypted."
UNREADABLE = "What you wrote about it can't be read any more; its dates are true. Add it anew, then delete this one."
DELETE_ASKED = "It goes with its self-checks and its reminder. Letters that you planned from it stay on your board."


def asking_line(about: Rotation, today: date) -> str:
    """Return whether now is the time to ask for a letter."""
    now, begins = moment(about.about, today), ask_on(about.about)
    match now:
        case Moment.AHEAD:
            return f"It has not begun. In the first days say that you apply in this specialty; ask for a letter from {day_text(begins)}."
        case Moment.EARLY:
            return f"Week {_week(about, today)}: too early to ask. Ask how you are doing; ask for a letter from {day_text(begins)}."
        case Moment.ASK_NOW:
            return f"**Week {_week(about, today)}: now is the time to ask for a letter**, in person, of those who saw your work."
        case Moment.ASK_AT_END:
            return "**Its last days: now is the time to ask for a letter**, in person, before you leave."
        case Moment.RUNS_ON:
            return f"**Week {_week(about, today)}: if you have not asked yet, ask now.** Weeks 3 to 4 are behind you."
        case Moment.JUST_OVER:
            return "**It is just over: if you have not asked yet, ask this week**, while your work is fresh in their minds."
        case Moment.OVER:
            return "It is over. A request by mail, with the summary, can still bring back what they saw."


def _week(rotation: Rotation, today: date) -> int:
    return week_number(rotation.about, today) or 0


def what_line(services: Services, rotation: Rotation) -> str:
    """Return kind, specialty and country."""
    specialty = services.rotations.specialty_name(rotation)
    country = COUNTRIES.get(rotation.about.country, "")
    return " · ".join(part for part in (KINDS[rotation.about.kind], plain(specialty), country) if part)


def when_line(rotation: Rotation) -> str:
    """Return first and last day, and how long that is."""
    return f"{days_in_words(rotation.starts_on, rotation.ends_on)} ({length_in_words(rotation.about)})"


class TickHabits(Choice, prefix="rotation:tick"):
    """Store the self-check of a week; the key holds the rotation and the week's Monday."""

    def __init__(self, key: str = "", **options: object) -> None:
        super().__init__(key, **options)  # type: ignore[arg-type]  # Choice's own
        self.item.min_values = 0

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Store it and show the rotation again."""
        services: Services = interaction.client.services
        rotation_id, _, monday = self.key.partition("-")
        try:
            week = date.fromisoformat(monday)
        except ValueError:
            raise STALE from None
        member = await services.members.get(interaction.user.id)
        rotation = await services.rotations.tick(member, rotation_id, week, frozenset(values))
        await send_card(interaction, rotation_card(services, member, rotation), edit=True)


class MakeSummary(Action, prefix="rotation:summary"):
    """Make the one-page summary of the rotation in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Send it as a file."""
        services: Services = interaction.client.services
        rotation = await services.rotations.get(interaction.user.id, self.key)
        writer = rotation.details.writers[0] if len(rotation.details.writers) == 1 else ""
        view, file = summary_card(services, await known_for(services, interaction.user.id, None, rotation, writer))
        await send_card(interaction, view, file=file)


class RemindToAsk(Action, prefix="rotation:remind"):
    """Set a reminder for the day from which to ask."""

    async def act(self, interaction: Interaction) -> None:
        """Set it, and say when it comes."""
        services: Services = interaction.client.services
        member = await services.members.get(interaction.user.id)
        scheduled = await services.rotations.remind_to_ask(member, self.key, interaction.guild_id)
        await send_card(interaction, scheduled_card(services, scheduled, await services.members.get(interaction.user.id)))


class PlanLetter(Choice, prefix="rotation:plan"):
    """Put a letter of the writer chosen on the board, with what is known of the rotation in the key."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Add it once, and say where it stands."""
        services: Services = interaction.client.services
        member = await services.members.get(interaction.user.id)
        rotation = await services.rotations.get(member.id, self.key)
        writer = next((each for each in rotation.details.writers if each == values[0]), None)
        if writer is None:
            raise UserFacingError("That name does not stand in this rotation any more.", "Open the rotation again and choose anew.")
        letters = await services.letters.letters_of(member.id)
        if any(each.rotation_id == rotation.id and each.writer.casefold() == writer.casefold() for each in letters):
            raise UserFacingError(f"A letter from {plain(writer)} stands on your board already.", "Use /letters board to open it.")
        letter = await services.letters.add(member.id, writer, **services.rotations.letter_details(member, rotation))
        view = card(
            "Planned",
            f"A letter from **{plain(letter.writer)}** stands on your board for the {letter.season_year} Match, with this rotation.",
            "Next: ask. On /letters board say who the writer is.",
            meaning=Meaning.DONE,
            rows=[[draft_button(DraftKind.IN_PERSON, whom_letter(letter.id), "Words to ask"), OpenPacket(letter.id, label="What to give")]],
            quiet="/letters plan compares your letters with what guides advise.",
        )
        await send_card(interaction, view)


class AskDelete(Action, prefix="rotation:ask"):
    """Say what deleting the rotation in the key means."""

    async def act(self, interaction: Interaction) -> None:
        """Ask before anything goes."""
        rotation = await interaction.client.services.rotations.get(interaction.user.id, self.key)
        buttons = [
            DeleteRotation(rotation.id, label="Delete", style=discord.ButtonStyle.danger),
            OpenRotation(rotation.id, label="Keep"),
        ]
        view = card(
            "Delete this rotation?",
            f"**{plain(rotation.about.place)}**\n{when_line(rotation)}",
            DELETE_ASKED,
            meaning=Meaning.ATTENTION,
            rows=[buttons],
        )
        await send_card(interaction, view, edit=True)


class DeleteRotation(Action, prefix="rotation:delete"):
    """Delete the rotation in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Delete it; a second click finds nothing and says so."""
        rotation = await interaction.client.services.rotations.delete(interaction.user.id, self.key)
        view = card(
            "Deleted",
            f"**{plain(rotation.about.place)}**, {when_line(rotation)}, is deleted.",
            meaning=Meaning.DONE,
            rows=[[AllRotations("0", label="All rotations")]],
        )
        await send_card(interaction, view, edit=True)


@draws(Shows.ROTATION)
async def draw_rotation(services: Services, member_id: int, rotation_id: str) -> Card:
    """Return one rotation of hers."""
    return rotation_card(services, await services.members.get(member_id), await services.rotations.get(member_id, rotation_id))


def rotation_card(services: Services, member: Member, rotation: Rotation) -> Card:
    """Return one rotation, whole as far as a card holds it."""
    last = [AskDelete(rotation.id, label="Delete"), AllRotations("0", label="All rotations")]
    if not rotation.is_readable:
        return card("A rotation", when_line(rotation), UNREADABLE, meaning=Meaning.ATTENTION, rows=[last])
    today = services.rotations.today(member)
    monday = week_to_check(rotation.about, today)
    details = rotation.details
    texts = services.catalogue.letter_texts
    asks: list[Action] = [RemindToAsk(rotation.id, label="Remind me when to ask")] if today < ask_on(rotation.about) else []
    asking = DraftKind.MAIL if today > rotation.ends_on else DraftKind.IN_PERSON
    rows = [
        [_habits_select(services, rotation, monday)] if monday else [],
        [_plan_select(rotation)] if details.writers else [],
        [
            OpenForm(f"{DETAILS}-{rotation.id}", label="Writers and summary", style=discord.ButtonStyle.primary),
            MakeSummary(rotation.id, label="Summary as a file"),
            draft_button(asking, whom_rotation(rotation.id, 0 if details.writers else None), "Words to ask"),
            *asks,
        ],
        [OpenForm(f"{PLACE}-{rotation.id}", label="Change"), *last],
    ]
    return card(
        plain(rotation.about.place),
        f"{what_line(services, rotation)}\n{when_line(rotation)}",
        asking_line(rotation, today),
        _details_block(rotation),
        _checks_block(services, rotation, monday, today),
        meaning=Meaning.YOURS,
        rows=rows,
        quiet=f"{PRIVATE}\n{advice_lines([habit.citation for habit in texts.habits])}",
    )


def _details_block(rotation: Rotation) -> str:
    details = rotation.details
    writers = ", ".join(map(plain, details.writers)) or "nobody named yet: press Writers and summary"
    lines = [f"**Who could write:** {writers}"]
    for name, text in (
        ("What you did", details.duties),
        ("Cases and projects", details.cases),
        ("Feedback", details.feedback),
        ("Strengths", details.strengths),
    ):
        if text:
            lines.append(f"**{name}:** {plain(shortened(' / '.join(text.splitlines()), DETAIL_LENGTH))}")
    return "\n".join(lines)


def _checks_block(services: Services, rotation: Rotation, monday: date | None, today: date) -> str:
    """Return the self-check of this week and of the last ones, the newest first."""
    total = len(services.catalogue.letter_texts.habits)
    weeks = (
        [monday - timedelta(weeks=back) for back in range(WEEKS_SHOWN)] if monday else sorted(rotation.checks, reverse=True)[:WEEKS_SHOWN]
    )
    lines = [
        f"- {'this week' if week == monday else f'week of {week.day} {week:%b}'}: {len(rotation.checks.get(week, ()))} of {total}"
        for week in weeks
        if week == monday or week in rotation.checks
    ]
    if not lines:
        begins = "It begins with the rotation." if today < rotation.starts_on else "No week was ticked."
        return f"**Habits that earn letters, week by week**\n{begins}"
    how = " Tick what was true this week; for your eyes only, no score." if monday else ""
    return f"**Habits that earn letters, week by week.**{how}\n" + "\n".join(lines)


def _habits_select(services: Services, rotation: Rotation, monday: date) -> TickHabits:
    ticked = rotation.checks.get(monday, frozenset())
    habits = services.catalogue.letter_texts.habits
    options = [discord.SelectOption(label=habit.text, value=habit.key, default=habit.key in ticked) for habit in habits]
    return TickHabits(
        f"{rotation.id}-{monday.isoformat()}", options=options, placeholder="This week: tick what was true", most=len(options)
    )


def _plan_select(rotation: Rotation) -> PlanLetter:
    options = [discord.SelectOption(label=writer, value=writer) for writer in rotation.details.writers]
    return PlanLetter(rotation.id, options=options, placeholder="Plan a letter from …")


ITEMS = (TickHabits, MakeSummary, RemindToAsk, PlanLetter, AskDelete, DeleteRotation)
