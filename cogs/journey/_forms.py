"""The forms of her way: a note, her experiences, an exam; what is refused is held, so that nothing is typed twice."""

from collections.abc import Mapping
from typing import Any

import discord
from discord import ui

from bot.domain.exam_records import EXAM_NAMES, SCORED, ExamKey, ExamRecord, written_attempts
from bot.domain.journey import MAX_NOTE, GuideKey, State
from bot.errors import UserFacingError
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Meaning, card, send_card
from cogs._ui.forms import Form
from cogs.journey import _words as words
from cogs.journey._ways import STALE, View, show

MAX_EXPERIENCES_TEXT = 1_000
MAX_ATTEMPTS_TEXT = 400


class JourneyForm(Form):
    """Be a form of which a refusal loses nothing; a subclass stores in ``stored`` and says where to go then."""

    name = ""
    """What the form is called in the key of the button that opens it again."""

    def __init__(self, title: str, services: Services, held: Mapping[str, str]) -> None:
        super().__init__(title)
        self.services = services
        self.held = held
        self.inputs: dict[str, ui.TextInput[Any]] = {}

    def add(self, key: str, label: str, most: int, hint: str | None = None, *, is_long: bool = False) -> None:
        """Add a question."""
        style = discord.TextStyle.paragraph if is_long else discord.TextStyle.short
        item: ui.TextInput[Any] = ui.TextInput(
            style=style, max_length=most, default=self.held.get(key, "")[:most] or None, required=False
        )  # fmt: skip
        self.inputs[key] = item
        self.ask(label, item, hint)

    async def submitted(self, interaction: Interaction) -> None:
        """Store it; where it is refused, say why and offer the form again as it was."""
        typed = {key: each.value for key, each in self.inputs.items()}
        forms, member_id = self.services.journey.forms, interaction.user.id
        try:
            await self.stored(interaction, typed)
        except UserFacingError as refusal:
            forms.keep(member_id, self.name, typed)
            again = AgainJourney(self.name, label="Open the form again", style=discord.ButtonStyle.primary)
            kept = "What you typed is kept for an hour, for you alone. Nothing has changed."
            view = card(refusal.what_happened, refusal.what_to_do, meaning=Meaning.ATTENTION, rows=[[again]], quiet=kept)
            await send_card(interaction, view)
            return
        forms.forget(member_id)

    async def stored(self, interaction: Interaction, typed: Mapping[str, str]) -> None:
        """Store what was typed, and show what follows."""
        raise NotImplementedError


class NoteForm(JourneyForm):
    """Ask for a note beside an item."""

    def __init__(self, services: Services, key: str, held: Mapping[str, str]) -> None:
        super().__init__("Your note", services, held)
        self.name = f"note.{key}"
        self._key = key
        self.add("note", "Note", MAX_NOTE, "For you alone; empty takes it away.")

    async def stored(self, interaction: Interaction, typed: Mapping[str, str]) -> None:
        """Store it, with the state that the item has."""
        member = await self.services.members.get(interaction.user.id)
        board = await self.services.journey.board(member, interaction.guild_id)
        item = board.item(self._key)
        if item is None:
            raise STALE
        mark = board.journey.marks.get(self._key)
        await self.services.journey.mark(member, self._key, mark.state if mark is not None else State.OPEN, typed["note"])
        await show(interaction, View.ITEM, self._key)


class ExperiencesForm(JourneyForm):
    """Ask for the titles of her experiences."""

    def __init__(self, services: Services, held: Mapping[str, str]) -> None:
        super().__init__("Experiences", services, held)
        self.name = "experiences"
        self.add("titles", "One in each line, at most ten", MAX_EXPERIENCES_TEXT, "A star before the three that mean most.", is_long=True)

    async def stored(self, interaction: Interaction, typed: Mapping[str, str]) -> None:
        """Store them, and show the documents."""
        await self.services.journey.set_experiences(interaction.user.id, typed["titles"])
        await show(interaction, View.GUIDE, GuideKey.DOCUMENTS.value, "**Noted.**")


class ExamForm(JourneyForm):
    """Ask for the record of an exam."""

    def __init__(self, services: Services, key: ExamKey, title: str, held: Mapping[str, str]) -> None:
        super().__init__(title[:45], services, held)
        self.name = f"exam.{key}"
        self._key = key
        self.add("planned", "Planned for", 40, "12 May 2027; empty where no day is planned")
        self.add(
            "attempts",
            "Taken: one attempt in each line",
            MAX_ATTEMPTS_TEXT,
            "12 Jan 2026 failed; or passed, incomplete, waiting",
            is_long=True,
        )
        if key in SCORED:
            self.add("score", "Score, if you wish", 3, "Used by /programs fit, and by nothing else")

    async def stored(self, interaction: Interaction, typed: Mapping[str, str]) -> None:
        """Store it, and show the exam."""
        member = await self.services.members.get(interaction.user.id)
        await self.services.journey.set_exam(member, self._key, typed)
        await show(interaction, View.EXAM, self._key.value, "**Noted.**")


def exam_in(text: str) -> ExamKey:
    """Return the exam of a key; raise UserFacingError where it is none."""
    if text not in set(ExamKey):
        raise STALE
    return ExamKey(text)


async def open_form(interaction: Interaction, name: str, held: Mapping[str, str] | None = None) -> None:
    """Open a form by its name, filled with what is stored or with what was refused."""
    services: Services = interaction.client.services
    member = await services.members.get(interaction.user.id)
    board = await services.journey.board(member, interaction.guild_id)
    kind, _, rest = name.partition(".")
    if kind == "note":
        mark = board.journey.marks.get(rest)
        await interaction.response.send_modal(NoteForm(services, rest, held or {"note": mark.note if mark is not None else ""}))
    elif kind == "experiences":
        titles = "\n".join(f"{'* ' if each.is_meaningful else ''}{each.title}" for each in board.journey.experiences)
        await interaction.response.send_modal(ExperiencesForm(services, held or {"titles": titles}))
    elif kind == "exam":
        key = exam_in(rest)
        record = board.journey.exams.get(key, ExamRecord())
        stored = {
            "planned": words.day_text(record.planned_on) if record.planned_on else "",
            "attempts": written_attempts(record.attempts),
            "score": str(record.score or ""),
        }
        await interaction.response.send_modal(ExamForm(services, key, EXAM_NAMES[key], held or stored))
    else:
        raise STALE


class NoteItem(Action, prefix="journey:note"):
    """Ask for a note beside the item in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Open the form."""
        await open_form(interaction, f"note.{self.key}")


class Experiences(Action, prefix="journey:experiences"):
    """Ask for her experiences."""

    async def act(self, interaction: Interaction) -> None:
        """Open the form."""
        await open_form(interaction, "experiences")


class FillExam(Action, prefix="journey:fill"):
    """Ask for the record of the exam in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Open the form."""
        await open_form(interaction, f"exam.{self.key}")


class AgainJourney(Action, prefix="journey:again"):
    """Open a form again that was refused, with what was typed."""

    async def act(self, interaction: Interaction) -> None:
        """Open it."""
        await open_form(interaction, self.key, interaction.client.services.journey.forms.of(interaction.user.id, self.key))


ITEMS = (NoteItem, Experiences, FillExam, AgainJourney)
