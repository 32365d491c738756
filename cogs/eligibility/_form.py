"""The form: one page of questions as a modal, prefilled with what was answered, and back to answers again."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

import discord
from discord import ui

from bot.domain.eligibility.answers import Answers, Oet, OetPart
from bot.domain.eligibility.questions import Field, Option, Page, Question, page, pages, question, values_of
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.forms import Form
from cogs.eligibility._shown import STALE, View, key_of, read_key, show

UNKNOWN = "unknown"
MOST_RADIO = 4
"""A question with more answers is a select, which takes less room on a phone."""
YEARS = (Field.GRADUATION, Field.STEP1_YEAR, Field.STEP2_YEAR)

Control = ui.RadioGroup[Any] | ui.CheckboxGroup[Any] | ui.Select[Any]


class AnswersForm(Form):
    """Ask one page; an answer that is left out is not known."""

    def __init__(self, asked: Page, answers: Answers, then: View) -> None:
        super().__init__(asked.title)
        self.page = asked
        self.answers = answers
        self.then = then
        self.controls: dict[Field, Control] = {}
        for field in asked.fields:
            asking = question(field, answers.match_year, answers.country)
            self.controls[field] = _control(asking, chosen(asking, answers))
            self.ask(asking.title, self.controls[field], asking.help)

    async def submitted(self, interaction: Interaction) -> None:
        """Go on with the answers: to the next page, back to all answers, or to the result."""
        answers = self.answers
        for field, control in self.controls.items():
            answers = with_values(answers, field, _values(control))
        if self.then is not View.GUIDED:
            await show(interaction, self.then, answers)
            return
        done = [each.key for each in pages(answers.country)].index(self.page.key) + 1
        is_last = done == len(pages(answers.country))
        await show(interaction, View.RESULT if is_last else View.GUIDED, answers, 0 if is_last else done)


class OpenPage(Action, prefix="eligibility:form"):
    """Open the page of the form in the key; what follows stands in the key too."""

    async def act(self, interaction: Interaction) -> None:
        """Open it, prefilled."""
        services: Services = interaction.client.services
        then, name, answers = read_key(services, self.key)
        await open_page(interaction, name, answers, then)


async def open_page(interaction: Interaction, name: str, answers: Answers, then: View) -> None:
    """Open one page of the form; raise UserFacingError where there is none of that name."""
    asked = page(answers.country, name)
    if asked is None or (then is View.GUIDED and asked not in pages(answers.country)):
        raise STALE
    await interaction.response.send_modal(AnswersForm(asked, answers, then))


def page_button(asked: Page, answers: Answers, then: View, label: str, *, is_first: bool = False) -> OpenPage:
    """Return the button that opens a page of the form."""
    style = discord.ButtonStyle.primary if is_first else discord.ButtonStyle.secondary
    return OpenPage(key_of(answers, then, asked.key), label=label, style=style)


def chosen(asked: Question, answers: Answers) -> tuple[str, ...]:
    """Return the options that are ticked when the form opens; what is not known is left open."""
    offered = [option.value for option in asked.options]
    return tuple(
        value if value in offered else _earliest(asked, value, offered) for value in values_of(answers, asked.field) if value != UNKNOWN
    )


def _earliest(asked: Question, value: str, offered: Sequence[str]) -> str:
    """Return the option for the years before those that are named; each Match names other years."""
    before, _, year = value.rpartition("-")
    years = [int(each.rpartition("-")[2]) for each in offered if each.rpartition("-")[2].isdecimal()]
    if not year.isdecimal() or not years or int(year) > min(years):
        return ""
    return f"{before}-{min(years)}" if asked.field is Field.OET else str(min(years))


def _control(asked: Question, ticked: Sequence[str]) -> Control:
    if asked.several:
        boxes = [discord.CheckboxGroupOption(**_words(option), default=option.value in ticked) for option in asked.options]
        return ui.CheckboxGroup(options=boxes, required=False, max_values=len(boxes))
    if len(asked.options) <= MOST_RADIO:
        return ui.RadioGroup(
            options=[discord.RadioGroupOption(**_words(option), default=option.value in ticked) for option in asked.options], required=False
        )
    listed = [discord.SelectOption(**_words(option), default=option.value in ticked) for option in asked.options]
    return ui.Select(options=listed, required=False, placeholder="Choose, or leave it open")


def _words(option: Option) -> dict[str, str]:
    return {"label": option.label, "value": option.value}


def _values(control: Control) -> list[str]:
    if isinstance(control, ui.RadioGroup):
        return [control.value] if control.value else []
    return [str(value) for value in control.values]


def with_values(answers: Answers, field: Field, values: Sequence[str]) -> Answers:
    """Return the answers with one question answered; nothing chosen means that it is not known.

    Raises:
        UserFacingError: The form sent what it never offered.
    """
    offered = {option.value for option in question(field, answers.match_year, answers.country).options}
    if not offered.issuperset(values) or (field is not Field.OET_PARTS and len(values) > 1):
        raise STALE
    value = values[0] if values else UNKNOWN
    if field is Field.OET_PARTS:
        # Nothing ticked, or "I don't know" beside a part: then it is not known which parts reached their grade.
        return replace(answers, oet_parts=None if not values or UNKNOWN in values else frozenset(map(OetPart, values)))
    if field is Field.OET:
        how, _, year = value.partition("-")
        return replace(answers, oet=Oet(how), oet_year=int(year) if year else None)
    if field in YEARS:
        return replace(answers, **{field.value: None if value == UNKNOWN else int(value)})
    kind: type[StrEnum] = type(getattr(answers, field.value))
    return replace(answers, **{field.value: kind(value)})
