"""The forms of an interview: to add one, its time and place, its people and notes; what is refused is held, so nothing is typed twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import discord
from discord import ui

from bot.domain.interviews import MAX_LINE, MAX_NOTES, Interview
from bot.domain.programs import MAX_NAME
from bot.errors import UserFacingError
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Meaning, card, send_card
from cogs._ui.forms import Form
from cogs.interviews import _mine_words as words
from cogs.interviews._mine_ways import STALE, View, show

NEW = "new"
ADDED = "**Added.** Note how it is held, and prepare."


class Part(StrEnum):
    """What a form asks for."""

    NEW = "new"
    TIME = "time"
    NOTES = "notes"


TITLES = {Part.NEW: "Add an interview", Part.TIME: "Time and place", Part.NOTES: "People and notes"}


@dataclass(frozen=True, slots=True)
class Ask:
    """Hold one question of a form."""

    key: str
    label: str
    help: str
    most: int
    is_needed: bool = False
    is_long: bool = False


_WHEN = Ask("when", "When on the program's clock", "12 Jan 2027 9:00 CT; empty where no time is known", 60)
_ZONE = Ask("zone", "The program's city or zone", "Chicago; may stay empty where the zone stands behind the time", 60)
ASKED: dict[Part, Sequence[Ask]] = {
    Part.NEW: (Ask("program", "Program", "One of your list, or a new one, which is put on it.", MAX_NAME, is_needed=True), _WHEN, _ZONE),
    Part.TIME: (
        _WHEN,
        _ZONE,
        Ask("minutes", "How many minutes", "60", 4),
        Ask("place", "Link or place", "", MAX_LINE),
    ),
    Part.NOTES: (
        Ask("who", "Who interviews", "", MAX_LINE),
        Ask("invited_on", "Invited on", "20 Nov 2026", 40),
        Ask("answer_by", "The program wants an answer by", "25 Nov 2026", 40),
        Ask("notes", "Your notes", "", MAX_NOTES, is_long=True),
    ),
}


class InterviewForm(Form):
    """Ask for one part of an interview."""

    def __init__(self, services: Services, part: Part, interview_id: str, held: Mapping[str, str]) -> None:
        super().__init__(TITLES[part])
        self._services = services
        self._part = part
        self._interview_id = interview_id
        self._items: dict[str, ui.TextInput[Any] | ui.Select[Any]] = {}
        for ask in ASKED[part]:
            item: ui.TextInput[Any] = ui.TextInput(
                style=discord.TextStyle.paragraph if ask.is_long else discord.TextStyle.short,
                max_length=ask.most,
                default=held.get(ask.key, "")[: ask.most] or None,
                required=ask.is_needed,
            )
            self._items[ask.key] = item
            self.ask(ask.label, item, ask.help or None)
        if part is Part.TIME:
            options = [
                discord.SelectOption(label=name.capitalize(), value=each.value, default=each.value == held.get("format", "unknown"))
                for each, name in words.FORMATS.items()
            ]
            self._items["format"] = choice = ui.Select[Any](options=options)
            self.ask("How it is held", choice)

    async def submitted(self, interaction: Interaction) -> None:
        """Store it and show the interview; where it is refused, say why and offer the form again as it was."""
        service, member_id = self._services.interviews, interaction.user.id
        typed = {key: str(each.value) if isinstance(each, ui.TextInput) else "".join(each.values[:1]) for key, each in self._items.items()}
        try:
            interview, done = await self._stored(member_id, typed)
        except UserFacingError as refusal:
            service.forms.keep(member_id, f"{self._part}.{self._interview_id}", typed)
            again = AgainInterview(f"{self._part}.{self._interview_id}", label="Open the form again", style=discord.ButtonStyle.primary)
            kept = "What you typed is kept for an hour, for you alone. Nothing has changed."
            view = card(refusal.what_happened, refusal.what_to_do, meaning=Meaning.ATTENTION, rows=[[again]], quiet=kept)
            await send_card(interaction, view)
            return
        service.forms.forget(member_id)
        await show(interaction, View.ONE, interview.id, done)

    async def _stored(self, member_id: int, typed: Mapping[str, str]) -> tuple[Interview, str]:
        member, service = await self._services.members.get(member_id), self._services.interviews
        if self._part is Part.NEW:
            return await service.add(member, typed["program"], typed["when"], typed["zone"]), ADDED
        if self._part is Part.TIME:
            return await service.set_time(member, self._interview_id, typed), "**Noted.**"
        return await service.set_notes(member_id, self._interview_id, typed), "**Noted.**"


def held_in(interview: Interview, part: Part) -> dict[str, str]:
    """Return what is stored, as a form shows it."""
    if part is Part.NOTES:
        days = {
            name: words.day_text(day) if day else ""
            for name, day in (("invited_on", interview.invited_on), ("answer_by", interview.answer_by))
        }
        return {"who": interview.who, "notes": interview.notes, **days}
    local = interview.local()
    when = f"{local.day} {local:%b %Y %H:%M}" if local else ""
    return {
        "when": when,
        "zone": interview.zone,
        "minutes": str(interview.minutes),
        "place": interview.place,
        "format": interview.format.value,
    }


async def open_form(interaction: Interaction, part: Part, interview_id: str, held: Mapping[str, str] | None = None) -> None:
    """Open a form, filled with what is stored or with what was refused."""
    services: Services = interaction.client.services
    if held is None:
        held = {} if part is Part.NEW else held_in(await services.interviews.get(interaction.user.id, interview_id), part)
    await interaction.response.send_modal(InterviewForm(services, part, interview_id, held))


class AddInterview(Action, prefix="interviews:add"):
    """Ask for a new interview."""

    async def act(self, interaction: Interaction) -> None:
        """Open the form."""
        await open_form(interaction, Part.NEW, NEW)


class FillInterview(Action, prefix="interviews:fill"):
    """Open the form of the part and the interview in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Open it as things stand."""
        part, interview_id = _of(self.key)
        await open_form(interaction, part, interview_id)


class AgainInterview(Action, prefix="interviews:again"):
    """Open a form again that was refused, with what was typed."""

    async def act(self, interaction: Interaction) -> None:
        """Open it."""
        part, interview_id = _of(self.key)
        service = interaction.client.services.interviews
        await open_form(interaction, part, interview_id, service.forms.of(interaction.user.id, self.key))


def _of(key: str) -> tuple[Part, str]:
    name, _, interview_id = key.partition(".")
    if name not in set(Part):
        raise STALE
    return Part(name), interview_id


ITEMS = (AddInterview, FillInterview, AgainInterview)
