"""``/specialty list``: all specialties, sorted by what is said in words."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import discord

from bot.domain.specialties import Specialty
from bot.services.bundle import Services
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, card, send_card, shortened
from cogs.specialty import _words as words
from cogs.specialty._show import Open
from cogs.specialty._words import link, share_line, short_outcome

PER_PAGE = 10


class Sort(StrEnum):
    """What a list is sorted by."""

    NAME = "name"
    SHARE = "share"
    PLACES = "places"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class _Order:
    label: str
    said: str
    key: Callable[[Specialty], tuple[float, ...]]


def _share(specialty: Specialty) -> tuple[float, ...]:
    latest = specialty.latest
    if latest is None or latest.imgs is None:
        return (2,)
    return (1,) if latest.img_share is None else (0, -latest.img_share)


def _places(specialty: Specialty) -> tuple[float, ...]:
    latest = specialty.latest
    return (1,) if latest is None or latest.imgs is None else (0, -latest.imgs)


def _rate(specialty: Specialty) -> tuple[float, ...]:
    held = specialty.outcomes
    if held is None:
        return (2,)
    return (1,) if held.match_rate is None else (0, -held.match_rate)


_LAST = "Where fewer than ten people make a rate, counts stand alone, at the end by name; not held comes last."
ORDERS = {
    Sort.NAME: _Order(
        "By name", f"Sorted by name. Shown is the share of filled places that IMGs fill. {words.SHARE_IS_NO_RATE}", lambda _: ()
    ),
    Sort.SHARE: _Order(
        "By share of places filled by IMGs",
        f"Sorted by the share of filled places that IMGs fill, highest first. {words.SHARE_IS_NO_RATE} {_LAST}",
        _share,
    ),
    Sort.PLACES: _Order(
        "By number of places filled by IMGs",
        f"Sorted by how many places IMGs fill, most first. {words.SHARE_IS_NO_RATE} What is not held comes last.",
        _places,
    ),
    Sort.RATE: _Order(
        "By match rate of non-US IMGs",
        "Sorted by the match rate of non-US IMGs: of those who ranked the specialty first, how many matched to it. It is no share of "
        f"places, and no figure for US IMGs. {_LAST}",
        _rate,
    ),
}


class SortChoice(Choice, prefix="specialty:sort"):
    """Sort by something else."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show the first page, in place."""
        await send_card(interaction, list_card(interaction.client.services, sort_of(values[0]), 0), edit=True)


class Turn(Action, prefix="specialty:page"):
    """Turn to another page; the key holds sort and page."""

    async def act(self, interaction: Interaction) -> None:
        """Show the page, in place."""
        sort, _, page = self.key.partition(".")
        await send_card(interaction, list_card(interaction.client.services, sort_of(sort), int(page) if page.isdecimal() else 0), edit=True)


def sort_of(text: str) -> Sort:
    """Return the sort that a custom id names; by name where it is none."""
    return Sort(text) if text in set(Sort) else Sort.NAME


def list_card(services: Services, sort: Sort, page: int) -> Card:
    """Return one page of all specialties."""
    specialties = sorted(services.catalogue.figures.specialties, key=ORDERS[sort].key)  # stable: equals stay in order of their names
    pages = max(1, -(-len(specialties) // PER_PAGE))
    page = min(max(page, 0), pages - 1)
    shown = specialties[page * PER_PAGE : (page + 1) * PER_PAGE]
    lines = "\n".join(f"- **{each.name}**: {_line(each, sort)}" for each in shown)
    sorts = [discord.SelectOption(label=order.label, value=each, default=each is sort) for each, order in ORDERS.items()]
    names = [discord.SelectOption(label=shortened(each.name, 100), value=each.id) for each in shown]
    turn: list[discord.ui.Item[Any]] = [
        Turn(f"{sort}.{max(page - 1, 0)}", label="Earlier", disabled=page == 0),
        Turn(f"{sort}.{page + 1}", label="Later", disabled=page == pages - 1),
    ]
    return card(
        f"{len(specialties)} specialties, page {page + 1} of {pages}",
        ORDERS[sort].said,
        lines,
        rows=[
            [SortChoice(options=sorts, placeholder="Sort by")],
            [Open(options=names, placeholder="Open one")],
            turn,
        ],
        quiet=_quiet(services, shown, sort),
    )


def _line(specialty: Specialty, sort: Sort) -> str:
    if sort is Sort.RATE:
        if specialty.outcomes is None:
            return "not held"
        return f"{short_outcome(specialty.outcomes)}, {specialty.outcomes.year}"
    latest = specialty.latest
    if latest is None:
        return f"not held; it matches by {specialty.match_service}"
    hint = "; its parts apart: open it" if specialty.splits else ""
    return f"{share_line(latest)}, {latest.year}{hint}"


def _quiet(services: Services, shown: list[Specialty], sort: Sort) -> str:
    if sort is Sort.RATE:
        citations = [each.outcomes.citation for each in shown if each.outcomes]
    else:
        citations = [each.latest.citation for each in shown if each.latest]
    sources = dict.fromkeys(f"{words.CERTAINTIES[each.certainty]}, {link(source)}" for each in citations for source in each.sources)
    told = f"Certainty and source: {'; '.join(sources)}. " if sources else ""
    return f"{told}{words.as_of(services)} {words.US_ONLY}\n{words.NRMP_NOTE}"


ITEMS = (SortChoice, Turn)
