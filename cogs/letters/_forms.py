"""The forms of a letter: who writes it, the time together, and what kind of letter it is; short ones, so that a name is enough to begin."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

import discord
from discord import ui

from bot.domain.letter_texts import read_day
from bot.domain.letters import (
    MAX_NOTES,
    MAX_SPECIALTY,
    MAX_WRITER,
    ApplicationService,
    AskedWhen,
    Concern,
    Letter,
    LetterKind,
    Setting,
    WriterCountry,
    WriterRole,
)
from bot.domain.member import Country, Member
from bot.errors import UserFacingError
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs.letters import _words as words
from cogs.letters._kept import KeptForm, open_kept, opens
from cogs.letters._target import MAX_DAY, read_future_day
from cogs.letters._ways import STALE, View, show, split_key

E = TypeVar("E", bound=StrEnum)
WHOSE_SPECIALTY = "The field it belongs to: a cardiologist counts as internal medicine."
YES, NO = "yes", "no"
Select = ui.Select[Any]
Radio = ui.RadioGroup[Any]
Text = ui.TextInput[Any]


def select_of(labels: Mapping[E, str], chosen: E | None = None) -> Select:
    """Return a select of labelled values, which may be left open."""
    listed = [discord.SelectOption(label=label, value=value.value, default=value is chosen) for value, label in labels.items()]
    return ui.Select(options=listed, required=False, placeholder="Choose, or leave it open")


def radio_of(labels: Mapping[E, str], chosen: E | None = None) -> Radio:
    """Return the same as radio buttons, for few values."""
    listed = [discord.RadioGroupOption(label=label, value=value.value, default=value is chosen) for value, label in labels.items()]
    return ui.RadioGroup(options=listed, required=False)


def value_of(kind: type[E], control: Select | Radio, otherwise: E) -> E:
    """Return what was chosen; ``otherwise`` where nothing was. Raise UserFacingError for what was never offered."""
    chosen = control.value if isinstance(control, ui.RadioGroup) else next(iter(control.values), None)
    if not chosen:
        return otherwise
    if chosen not in {each.value for each in kind}:
        raise STALE
    return kind(chosen)


def text_input(most: int, default: str = "", *, required: bool = False, long: bool = False, placeholder: str | None = None) -> Text:
    """Return a text field."""
    style = discord.TextStyle.paragraph if long else discord.TextStyle.short
    return ui.TextInput(style=style, max_length=most, required=required, default=default or None, placeholder=placeholder)


class WriterForm(KeptForm):
    """Ask who writes: name, role, specialty, place, and what a subclass adds."""

    def __init__(self, services: Services, title: str, letter: Letter | None = None) -> None:
        super().__init__(title)
        self.services = services
        specialty = _typed_specialty(services, letter.specialty) if letter else ""
        self.writer = text_input(MAX_WRITER, letter.writer if letter else "", required=True, placeholder="Dr. Osei")
        self.role = select_of(words.ROLES, letter.role if letter else None)
        self.specialty = text_input(MAX_SPECIALTY, specialty, placeholder="internal medicine")
        self.country = select_of(words.COUNTRIES, letter.country if letter else None)
        is_carms = letter is not None and letter.is_carms
        self.ask("The writer", self.writer, f"A name, or a word that you know them by.{'' if is_carms else ' No Letter ID.'}")
        self.ask("What they are to you", self.role)
        self.ask("Their specialty", self.specialty, WHOSE_SPECIALTY)
        self.ask("Where you worked together", self.country)

    def details(self) -> dict[str, object]:
        """Return what was filled in, as fields of a letter."""
        return {
            "role": value_of(WriterRole, self.role, WriterRole.UNKNOWN),
            "specialty": self.specialty.value,
            "country": value_of(WriterCountry, self.country, WriterCountry.UNKNOWN),
        }


class AddForm(WriterForm):
    """Ask for a new letter."""

    def __init__(self, services: Services, member: Member) -> None:
        super().__init__(services, "A letter of recommendation")
        usual = ApplicationService.CARMS if member.countries == frozenset({Country.CANADA}) else ApplicationService.ERAS
        self.service = select_of(words.SERVICES, usual)
        self.ask("Through which service", self.service, "Emergency medicine and OB-GYN use ResidencyCAS; Canada uses CaRMS.")

    async def submitted(self, interaction: Interaction) -> None:
        """Add it, and show its card."""
        service = value_of(ApplicationService, self.service, ApplicationService.ERAS)
        letter = await self.services.letters.add(interaction.user.id, self.writer.value, service=service, **self.details())
        await show(interaction, View.LETTER, letter.id)


class WhoForm(WriterForm):
    """Ask who writes a letter that stands already."""

    def __init__(self, services: Services, letter: Letter) -> None:
        super().__init__(services, "The writer", letter)
        self.letter_id = letter.id
        answers = ((YES, "Yes", True), (NO, "No", False))
        known = letter.is_physician
        self.physician: Radio = ui.RadioGroup(
            options=[discord.RadioGroupOption(label=label, value=value, default=known is says) for value, label, says in answers],
            required=False,
        )
        self.ask("Is the writer a physician?", self.physician)

    async def submitted(self, interaction: Interaction) -> None:
        """Store it, and show the letter."""
        says = {YES: True, NO: False}.get(self.physician.value or "")
        details = self.details() | {"writer": self.writer.value, "is_physician": says}
        await self.services.letters.change(interaction.user.id, self.letter_id, **details)
        await show(interaction, View.LETTER, self.letter_id)


class TogetherForm(KeptForm):
    """Ask about the time together."""

    def __init__(self, services: Services, letter: Letter) -> None:
        super().__init__("Your time together")
        self.services = services
        self.letter_id = letter.id
        self.setting = select_of(words.SETTINGS, letter.setting)
        self.weeks = text_input(6, "" if letter.weeks is None else str(letter.weeks), placeholder="6")
        last_on = letter.last_on.isoformat() if letter.last_on else ""
        self.last_on = text_input(MAX_DAY, last_on, placeholder="2026-10-31, 31 Oct 2026, Oct 2026")
        self.asked = radio_of(words.ASKED, letter.asked_when)
        self.concerns: ui.CheckboxGroup[Any] = ui.CheckboxGroup(
            options=[
                discord.CheckboxGroupOption(label=label, value=each.value, default=each in letter.concerns)
                for each, label in words.CONCERNS.items()
            ],
            required=False,
            max_values=len(words.CONCERNS),
        )
        self.ask("How you worked together", self.setting)
        self.ask("Weeks together", self.weeks, "Whole weeks in which they saw you.")
        self.ask("Last day together", self.last_on, "A month is enough.")
        self.ask("When you ask, or asked", self.asked)
        self.ask("What gives you pause", self.concerns)

    async def submitted(self, interaction: Interaction) -> None:
        """Store it, and show the letter."""
        offered = {each.value for each in Concern}
        if not offered.issuperset(self.concerns.values):
            raise STALE
        await self.services.letters.change(
            interaction.user.id,
            self.letter_id,
            setting=value_of(Setting, self.setting, Setting.UNKNOWN),
            weeks=_weeks(self.weeks.value),
            last_on=_last_day(self.last_on.value),
            asked_when=value_of(AskedWhen, self.asked, AskedWhen.UNKNOWN),
            concerns=frozenset(map(Concern, self.concerns.values)),
        )
        await show(interaction, View.LETTER, self.letter_id)


class LetterForm(KeptForm):
    """Ask through which service it goes, what kind it is, by when, and for notes."""

    def __init__(self, services: Services, letter: Letter) -> None:
        super().__init__("The letter")
        self.services = services
        self.letter_id = letter.id
        self.target_before = letter.target_on
        self.service = select_of(words.SERVICES, letter.service)
        self.kind = radio_of(words.KINDS, letter.kind)
        self.target = text_input(MAX_DAY, letter.target_on.isoformat() if letter.target_on else "", placeholder="2027-09-10, in 3 weeks")
        self.notes = text_input(MAX_NOTES, letter.notes, long=True)
        self.ask("Through which service", self.service)
        self.ask("What kind of letter", self.kind)
        self.ask("A target date of its own", self.target, "Empty: that of all your letters.")
        leave_out = "Nothing" if letter.is_carms else "No Letter ID, and nothing"
        self.ask("Notes", self.notes, f"For you alone, encrypted. {leave_out} that identifies a patient.")

    async def submitted(self, interaction: Interaction) -> None:
        """Store it, and show the letter."""
        member = await self.services.members.get(interaction.user.id)
        typed = self.target.value.strip()
        await self.services.letters.change(
            interaction.user.id,
            self.letter_id,
            service=value_of(ApplicationService, self.service, ApplicationService.ERAS),
            kind=value_of(LetterKind, self.kind, LetterKind.NARRATIVE),
            target_on=read_future_day(self.services, member, typed) if typed else None,
            notes=self.notes.value,
        )
        await show(interaction, View.LETTER, self.letter_id)


class AddLetter(Action, prefix="letters:add"):
    """Open the form for a new letter."""

    async def act(self, interaction: Interaction) -> None:
        """Open it."""
        await open_kept(interaction, "add")


@opens("add")
async def add_form(services: Services, member_id: int, _rest: str) -> KeptForm:
    """Return the form for a new letter."""
    return AddForm(services, await services.members.get(member_id))


FORMS = {"who": WhoForm, "together": TogetherForm, "letter": LetterForm}


class Details(Action, prefix="letters:details"):
    """Open a form of the letter in the key, filled with what is known."""

    async def act(self, interaction: Interaction) -> None:
        """Open it."""
        await open_kept(interaction, f"details-{self.key}")


@opens("details")
async def details_form(services: Services, member_id: int, rest: str) -> KeptForm:
    """Return a form of the letter, filled with what is known."""
    letter_id, name = split_key(rest)
    letter = await services.letters.get(member_id, letter_id)
    if name not in FORMS:
        raise STALE
    return FORMS[name](services, letter)


def _typed_specialty(services: Services, specialty: str) -> str:
    found = services.catalogue.figures.specialty(specialty)
    return (found.name if found else specialty)[:MAX_SPECIALTY]


def _weeks(text: str) -> int | None:
    typed = text.strip()
    if not typed:
        return None
    if not typed.isascii() or not typed.isdecimal():
        raise UserFacingError("That is no number of weeks that I can take.", "Write a whole number, for example 6, or leave it empty.")
    return int(typed)


def _last_day(text: str) -> date | None:
    if not text.strip():
        return None
    day = read_day(text)
    if day is None:
        raise UserFacingError("I can't read the last day together.", "Write it as 2026-10-31, 31 Oct 2026 or Oct 2026, or leave it empty.")
    return day


ITEMS = (AddLetter, Details)
