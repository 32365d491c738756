"""The forms of a program: a short one to add it, one for each part of its card; what is refused is held, so that nothing is typed twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import discord
from discord import ui

from bot.domain import programs as kept
from bot.domain.program_columns import BY_KEY
from bot.domain.program_fields import SERVICES, SIGNALS, TRACKS, VISAS
from bot.domain.programs import Noted, Program
from bot.errors import UserFacingError
from bot.services.bundle import Services
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card
from cogs._ui.forms import Form
from cogs.programs._ways import STALE, Said, Screen, View, services_of, show, split_key, unpack

NEW = "new"
USUAL = "usual"
WHERE = "where"
_LONG = discord.TextStyle.paragraph


class Part(StrEnum):
    """The parts of a card that a form fills in."""

    BASICS = "basics"
    REQUIREMENTS = "requirements"
    VISA = "visa"
    PEOPLE = "people"
    NOTES = "notes"
    APPLICATION = "application"


PARTS = {
    Part.REQUIREMENTS: ("Requirements", "Years since graduation, score, attempts, experience"),
    Part.VISA: ("Visa and open house", "J-1, H-1B, none, not stated; the day of an open house"),
    Part.PEOPLE: ("People and fellowships", "IMGs, graduates of your school, resident contacted"),
    Part.NOTES: ("Notes", "Curriculum and faculty; your own notes"),
    Part.APPLICATION: ("Application and page", "Signal, statement version, its page and code"),
    Part.BASICS: ("Name and place", "Name, specialty, track, state, service"),
}
"""What each part is called, and what it asks."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Hold one question: the column that it fills, its words, and how long an answer may be; ``words`` make it a select."""

    key: str
    label: str
    help: str = ""
    most: int = 40
    words: Mapping[Any, str] | None = None
    many: bool = False
    long: bool = False


READ = Ask(WHERE, "Where you read it", "A link or words; today counts as the day, or end with one: FREIDA, 2026-11-20", kept.MAX_WHERE)
ASKED: dict[Part, Sequence[Ask]] = {
    Part.BASICS: (
        Ask("name", "Program", "As you call it.", kept.MAX_NAME),
        Ask("specialty", "Specialty", "As you call it: IM, peds, FM. May stay empty.", 60),
        Ask("track", "Kind of place", words=TRACKS),
        Ask("region", "State or province", "Two letters or the name. May stay empty.", 40),
        Ask("service", "Applied for through", words=SERVICES),
    ),
    Part.REQUIREMENTS: (
        Ask("graduation_years", "Years since graduation, at most", "5, or the earliest year: 2020; or: no limit"),
        Ask("score_minimum", "Step 2 CK, at least", "230; or: no minimum"),
        Ask("attempts_most", "Attempts at one Step, at most", "1: passed at first; or: no limit"),
        Ask("experience", "Clinical experience asked for", "Months first: 3 months, hands-on, in the US; or: none", kept.MAX_SHORT + 20),
        READ,
    ),
    Part.VISA: (
        Ask("visa", "Visas that it takes", words=VISAS, many=True),
        Ask("open_house_on", "Open house", "Its day: 5 Dec 2026"),
        READ,
    ),
    Part.PEOPLE: (
        Ask("imgs", "IMGs among current residents", "12 of 30, or 12, or 40%"),
        Ask("school_graduates", "Graduates of your school among them", "A number; 0 where you looked and found none"),
        Ask("fellowships", "Fellowships there", "", kept.MAX_SHORT),
        Ask("contact", "Resident whom you contacted", "Whom and when; for you alone.", kept.MAX_SHORT),
        READ,
    ),
    Part.NOTES: (
        Ask("curriculum", "Curriculum and faculty", "", kept.MAX_TEXT, long=True),
        Ask("notes", "Your own notes", "", kept.MAX_TEXT, long=True),
        READ,
    ),
    Part.APPLICATION: (
        Ask("signal", "Signal that you spend", words=SIGNALS),
        Ask("statement", "Version of the personal statement", "As you call it: IM, version 2", kept.MAX_SHORT),
        Ask("link", "Its own page", "https://…", kept.MAX_LINK),
        Ask("code", "Code of NRMP or ACGME", "1234140C0", 20),
        READ,
    ),
}


class ProgramForm(Form):
    """Ask for one part of a program; ``program`` is None for a new one."""

    def __init__(self, services: Services, view: View, part: Part, program: Program | None, before: Mapping[str, str] | None) -> None:
        super().__init__("Add a program" if program is None else PARTS[part][0])
        self._services = services
        self._view = view
        self._part = part
        self._program_id = NEW if program is None else program.id
        self._items: dict[str, ui.TextInput[Any] | ui.Select[Any]] = {}
        held = before if before is not None else _values(services, part, program)
        for ask in ASKED[part]:
            value = held.get(ask.key, "")
            self._items[ask.key] = item = _select(ask, value, is_new=program is None) if ask.words else _input(ask, value)
            self.ask(ask.label, item, ask.help or None)

    def values(self) -> dict[str, str]:
        """Return what stands in the form."""
        return {
            key: str(item.value) if isinstance(item, ui.TextInput) else ", ".join(map(str, item.values))
            for key, item in self._items.items()
        }

    async def submitted(self, interaction: Interaction) -> None:
        """Store it and show the program; where it is refused, say why and offer the form again as it was."""
        programs, values = self._services.programs, self.values()
        try:
            program_id, said = await self._stored(interaction.user.id, dict(values))
        except UserFacingError as refusal:
            programs.forms.keep(interaction.user.id, f"{self._part}.{self._program_id}", values)
            await send_card(interaction, _refused(refusal, self._view, self._part, self._program_id))
            return
        programs.forms.forget(interaction.user.id)
        await show(interaction, Screen.PROGRAM, self._view, program_id, said)

    async def _stored(self, member_id: int, cells: dict[str, str]) -> tuple[str, Said]:
        where = cells.pop(WHERE, "")
        if cells.get("service") == USUAL:
            del cells["service"]
        if "experience" in cells:
            cells |= _split_experience(cells["experience"])
        if self._program_id != NEW:
            done = await self._services.programs.fill(member_id, self._program_id, cells, where)
            return self._program_id, Said("**Noted.**" if done.token else "Nothing has changed.", done.token)
        program, is_new = await self._services.programs.add(member_id, cells)
        return program.id, Said("**Added.** Fill in what you know, part by part." if is_new else TWICE)


TWICE = "**It stands on your list already**, so nothing was added. For another track there, add it with that track."


def _input(ask: Ask, value: str) -> ui.TextInput[Any]:
    return ui.TextInput(
        style=_LONG if ask.long else discord.TextStyle.short,
        max_length=ask.most,
        default=value[: ask.most] or None,
        required=ask.key == "name",
    )


def _select(ask: Ask, value: str, *, is_new: bool) -> ui.Select[Any]:
    chosen = {each.strip() for each in value.split(",")}
    options = [
        discord.SelectOption(label=word[:1].upper() + word[1:], value=each.value, default=each.value in chosen)
        for each, word in (ask.words or {}).items()
    ]
    if ask.key == "service" and is_new:
        options.insert(0, discord.SelectOption(label="As usual for the specialty", value=USUAL, default=not chosen & set(_ids(ask))))
    return ui.Select(options=options, min_values=0 if ask.many else 1, max_values=len(options) if ask.many else 1, required=not ask.many)


def _ids(ask: Ask) -> list[str]:
    return [each.value for each in ask.words or {}]


def _values(services: Services, part: Part, program: Program | None) -> dict[str, str]:
    """Return what is stored, as the form shows it."""
    if program is None:
        return {"track": "unknown"}
    names = services.programs.names.of(program.season_year)
    values = {ask.key: BY_KEY[ask.key].write(program, names) for ask in ASKED[part] if ask.key != WHERE}
    values |= {key: getattr(program, key).value for key in ("track", "service", "signal") if key in values}
    if "visa" in values:
        values["visa"] = ", ".join(sorted(program.visa))
    if "experience" in values and program.experience_months is not None:
        months = "none" if program.experience_months == 0 else f"{program.experience_months} months"
        values["experience"] = ", ".join(part for part in (months, program.experience) if part)
    values[WHERE] = _where(part, program)
    return values


def _where(part: Part, program: Program) -> str:
    """Return where the facts of a part were read, if all were read in one place."""
    facts = {noted for ask in ASKED[part] if ask.key != WHERE and (noted := BY_KEY[ask.key].noted) is not None}
    places = {program.readings[noted].where for noted in Noted if noted in facts and noted in program.readings}
    return places.pop() if len(places) == 1 else ""


def _split_experience(text: str) -> dict[str, str]:
    """Return months and words of a typed experience: ``3 months, hands-on``."""
    first, _, rest = text.partition(",")
    word = first.strip().casefold()
    if word in ("none", "no", "not asked"):
        return {"experience_months": "0", "experience": rest}
    number = word.split(" ")[0]
    if number.isascii() and number.isdecimal() and word[len(number) :].strip() in ("", "month", "months", "mo"):
        return {"experience_months": number, "experience": rest}
    return {"experience_months": "", "experience": text}


def _refused(refusal: UserFacingError, view: View, part: Part, program_id: str) -> Card:
    again = AgainProgram(f"{view.pack()}.{part.value}.{program_id}", label="Open the form again", style=discord.ButtonStyle.primary)
    return card(
        refusal.what_happened,
        refusal.what_to_do,
        meaning=Meaning.ATTENTION,
        rows=[[again]],
        quiet="What you typed is kept for an hour, for you alone. Nothing has changed.",
    )


async def open_form(interaction: Interaction, view: View, part: Part, program_id: str, before: Mapping[str, str] | None = None) -> None:
    """Open a form, filled with what is stored or with what was refused."""
    services = services_of(interaction)
    program = None if program_id == NEW else await services.programs.get(interaction.user.id, program_id)
    await interaction.response.send_modal(ProgramForm(services, view, part, program, before))


class AddProgram(Action, prefix="programs:add"):
    """Ask for a new program; the key is the view to come back to."""

    async def act(self, interaction: Interaction) -> None:
        """Open the form."""
        await open_form(interaction, unpack(self.key), Part.BASICS, NEW)


class FillPart(Choice, prefix="programs:fill"):
    """Ask for the part chosen of the program in the key."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Open the form with what is stored."""
        packed, program_id = split_key(self.key, 2)
        await open_form(interaction, unpack(packed), _part(values[0]), program_id)


class AgainProgram(Action, prefix="programs:again"):
    """Open the form in the key as it was when it was refused."""

    async def act(self, interaction: Interaction) -> None:
        """Open it; after an hour it comes with what is stored."""
        packed, part, program_id = split_key(self.key, 3)
        before = services_of(interaction).programs.forms.of(interaction.user.id, f"{_part(part)}.{program_id}")
        await open_form(interaction, unpack(packed), _part(part), program_id, before)


def _part(text: str) -> Part:
    if text not in {each.value for each in Part}:
        raise STALE
    return Part(text)


ITEMS = (AddProgram, FillPart, AgainProgram)
