"""The ways between the program cards: each is drawn by one function, anew at every click, in place of the card that was clicked."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, TypeVar

import discord

from bot.domain.letters import ApplicationService
from bot.domain.program_order import NOT_KNOWN, Facet, Filters, Sort
from bot.domain.programs import ProgramStage, Signal, VisaPolicy
from bot.errors import UserFacingError
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, acknowledge
from cogs._ui.ways import Ways, is_in_place, number_in, put, style_of

E = TypeVar("E", bound=StrEnum)

STALE = UserFacingError("This card is not of use any more.", "Use /programs list to begin from your programs as they are.")
_DIGITS = "123456789abcdefghijklmnopqrstuvwxyz"
_PACKED: dict[Facet, type[StrEnum]] = {
    Facet.STAGE: ProgramStage,
    Facet.VISA: VisaPolicy,
    Facet.SIGNAL: Signal,
    Facet.SERVICE: ApplicationService,
}
"""Facets whose values travel as one character; the others are short as they are."""


@dataclass(frozen=True, slots=True)
class View:
    """Hold which part of her list is seen: the season (0: that of her target year), order, filters and page."""

    year: int = 0
    sort: Sort = Sort.NAME
    filters: Filters = field(default_factory=Filters)
    page: int = 0

    def pack(self) -> str:
        """Return the view for a custom id: at most 40 characters, none of them a full stop."""
        values = [_packed(Facet(each.name), getattr(self.filters, each.name)) for each in fields(Filters)]
        return ",".join([str(self.year), _digit(Sort, self.sort), *values, str(self.page)])

    def at(self, page: int) -> "View":
        """Return the same view at another page."""
        return replace(self, page=page)

    def having(self, facet: Facet, value: str) -> "View":
        """Return the first page of the view with another filter."""
        return replace(self, filters=replace(self.filters, **{facet.value: value}), page=0)


def unpack(text: str) -> View:
    """Return the view of a custom id; raise UserFacingError for what is none."""
    try:
        year, sort, *values, page = text.split(",")
        filters = {each.name: _unpacked(Facet(each.name), value) for each, value in zip(fields(Filters), values, strict=True)}
        return View(number_in(year), _from_digit(Sort, sort), Filters(**filters), number_in(page))
    except (ValueError, IndexError):
        raise STALE from None


def _packed(facet: Facet, value: str) -> str:
    kind = _PACKED.get(facet)
    return value if kind is None or value in ("", NOT_KNOWN) else _digit(kind, kind(value))


def _unpacked(facet: Facet, text: str) -> str:
    kind = _PACKED.get(facet)
    return text if kind is None or text in ("", NOT_KNOWN) else _from_digit(kind, text).value


def _digit(kind: type[StrEnum], value: StrEnum) -> str:
    return _DIGITS[list(kind).index(value)]


def _from_digit(kind: type[E], text: str) -> E:
    return list(kind)[_DIGITS.index(text)]


class Screen(StrEnum):
    """The cards; what one needs to know besides the view stands after it in the key."""

    LIST = "list"
    FILTER = "filter"
    PROGRAM = "program"
    """The program's id."""
    IMPORT = "import"
    SERVER = "server"
    """The page of the server's list."""
    FIT = "fit"
    """What is shown of the fit: a score and which programs."""
    FIT_OF = "fit_of"
    """The same, and the program's id."""
    COST = "cost"
    """How many programs more, and where; the part that is open."""


@dataclass(frozen=True, slots=True)
class Said:
    """Hold what was just done, and the token that takes it back."""

    text: str = ""
    token: str = ""


Draw = Callable[[Interaction, View, str, Said], Awaitable[Card]]
"""The interaction, the view, the rest of the key, and what was just done."""

WAYS = Ways[Screen, Draw](STALE)
draws = WAYS.shows


async def show(
    interaction: Interaction, screen: Screen, view: View, rest: str = "", said: Said | None = None, *, edit: bool | None = None
) -> None:
    """Show a card in place of the one that was clicked, or where nothing was clicked as a reply of its own."""
    if screen is Screen.COST:  # it has a picture
        await acknowledge(interaction, edit=is_in_place(interaction, edit))
    await put(interaction, await WAYS[screen](interaction, view, rest, said or Said()), edit=edit)


def services_of(interaction: Interaction) -> Services:
    """Return the services."""
    return interaction.client.services


def split_key(key: str, parts: int) -> Sequence[str]:
    """Return the parts of a key, of which there must be so many; raise UserFacingError otherwise."""
    found = key.split(".", parts - 1)
    if len(found) != parts:
        raise STALE
    return found


class Go(Action, prefix="programs:go"):
    """Show the card in the key, in place."""

    async def act(self, interaction: Interaction) -> None:
        """Show it as it is now."""
        screen, packed, rest = split_key(self.key, 3)
        await show(interaction, WAYS.named(screen), unpack(packed), rest)


def go(label: str, screen: Screen, view: View, rest: str = "", *, primary: bool = False, disabled: bool = False) -> Go:
    """Return a button that leads to a card."""
    return Go(f"{screen.value}.{view.pack()}.{rest}", label=label, style=style_of(primary=primary), disabled=disabled)


class UndoChange(Action, prefix="programs:undo"):
    """Take back the change whose token is in the key, and show the program in the key, or the list."""

    async def act(self, interaction: Interaction) -> None:
        """Take it back."""
        packed, token, program_id = split_key(self.key, 3)
        view = unpack(packed)
        done = await services_of(interaction).programs.undo(interaction.user.id, token)
        left = f" {done.left:,} changed since and stayed as they are." if done.left else ""
        said = Said(f"**Taken back.**{left}")
        if program_id:
            await show(interaction, Screen.PROGRAM, view, program_id, said)
        else:
            await show(interaction, Screen.LIST, view, "", said)


def undo_row(view: View, said: Said, program_id: str = "", label: str = "Undo") -> list[discord.ui.Item[Any]]:
    """Return the button that takes back what was just done; nothing where nothing can be."""
    return [UndoChange(f"{view.pack()}.{said.token}.{program_id}", label=label)] if said.token else []


ITEMS = (Go, UndoChange)
