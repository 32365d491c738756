"""Forms of letters that keep what was typed: one that is refused says why, and opens again as it was."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import ui

from bot.errors import UserFacingError
from bot.observing.interactions import Result, note_result
from bot.services.bundle import Services
from bot.services.letter_forms import Filled
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Meaning, card, send_card
from cogs._ui.forms import Form
from cogs.letters._ways import STALE

Open = Callable[[Services, int, str], Awaitable["KeptForm"]]
"""Services, the member's id, the rest of the key; returns the form with what is stored."""

OPENS: dict[str, Open] = {}
"""Who makes each form; filled by the modules that own them."""


def opens(name: str) -> Callable[[Open], Open]:
    """Name the one function that makes a form."""

    def register(make: Open) -> Open:
        OPENS[name] = make
        return make

    return register


class KeptForm(Form):
    """Be a form that is opened again as it was where it is refused; ``key`` names it and what it is about."""

    key = ""

    async def respond(self, interaction: Interaction) -> None:
        """Do the work; where it is refused, hold what was typed and offer the form again."""
        services: Services = interaction.client.services
        try:
            await self.submitted(interaction)
        except UserFacingError as refusal:
            note_result(Result.REFUSED)
            services.letters.unsent.keep(interaction.user.id, self.key, self.filled())
            again = OpenLettersFormAgain(self.key, label="Open the form again", style=discord.ButtonStyle.primary)
            quiet = "What you typed is kept for an hour, for you alone."
            view = card(refusal.what_happened, refusal.what_to_do, meaning=Meaning.ATTENTION, rows=[[again]], quiet=quiet)
            await send_card(interaction, view)
        except Exception as error:  # noqa: BLE001 - discord.py would only log it, and the member would see nothing
            await self.failed(interaction, error)
        else:
            services.letters.unsent.forget(interaction.user.id)

    def filled(self) -> Filled:
        """Return what stands in the form, by the label of each question."""
        return {label.text: _value_of(label.component) for label in self._labels()}

    def fill(self, filled: Filled) -> None:
        """Let what stood in the form stand in it again."""
        for label in self._labels():
            if label.text in filled:
                _fill(label.component, filled[label.text])

    def _labels(self) -> list[ui.Label[Any]]:
        return [child for child in self.children if isinstance(child, ui.Label)]


def _value_of(control: ui.Item[Any]) -> list[str]:
    if isinstance(control, ui.Select | ui.CheckboxGroup):
        return list(control.values)
    return [str(control.value)] if isinstance(control, ui.TextInput | ui.RadioGroup) and control.value else []


def _fill(control: ui.Item[Any], values: Any) -> None:  # noqa: ANN401 - a sequence of texts
    if isinstance(control, ui.TextInput):
        control.default = values[0] if values else None
    elif isinstance(control, ui.Select | ui.RadioGroup | ui.CheckboxGroup):
        for option in control.options:
            option.default = option.value in values


async def open_kept(interaction: Interaction, key: str, *, filled: Filled | None = None) -> None:
    """Open the form in a key; raise UserFacingError where there is none of that name, or what it is about is gone."""
    name, _, rest = key.partition("-")
    if name not in OPENS:
        raise STALE
    form = await OPENS[name](interaction.client.services, interaction.user.id, rest)
    form.key = key
    form.fill(filled or {})
    await interaction.response.send_modal(form)


class OpenLettersFormAgain(Action, prefix="letters:again"):
    """Open the form in the key as it was when it was refused."""

    async def act(self, interaction: Interaction) -> None:
        """Open it; after an hour it comes with what is stored."""
        services: Services = interaction.client.services
        await open_kept(interaction, self.key, filled=services.letters.unsent.of(interaction.user.id, self.key))


ITEMS = (OpenLettersFormAgain,)
