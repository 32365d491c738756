"""``/programs list``: pages of programs, in an order, filtered; how many in each stage, and the signals spent."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import discord

from bot.domain.letters import Letter
from bot.domain.program_fields import SIGNALS, TRACKS
from bot.domain.program_order import Facet, Sort, Spent, counted, filtered, ordered, published, signals_spent, too_many
from bot.domain.programs import Program, ProgramStage, Signal, Track
from bot.domain.specialties import Signals
from bot.services.programs import ProgramService
from cogs._ui.actions import Choice, Interaction
from cogs._ui.cards import Card, Meaning, card
from cogs.programs import _words as words
from cogs.programs._files import CarryOver, ExportPrograms, GetTemplate
from cogs.programs._forms import AddProgram
from cogs.programs._ways import STALE, Said, Screen, View, draws, go, services_of, show, undo_row, unpack

PER_PAGE = 8
SPECIALTIES_SHOWN = 4
OPTIONS = 24
BEGIN = (
    "No program stands here yet. Add one by hand, or many from a CSV file. No directory comes with Matchday: programs and what they ask "
    f"for are found in {words.FREIDA} and {words.EXPLORER}, and on each program's own page, which counts."
)


class OpenProgram(Choice, prefix="programs:open"):
    """Open a program of the page."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show its card, in place."""
        await show(interaction, Screen.PROGRAM, unpack(self.key), values[0])


class SortPrograms(Choice, prefix="programs:sort"):
    """Put the list into another order."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show its first page."""
        view = unpack(self.key)
        if values[0] not in set(Sort):
            raise STALE
        await show(interaction, Screen.LIST, View(view.year, Sort(values[0]), view.filters))


class FilterPrograms(Choice, prefix="programs:filter"):
    """Set the filter in the key."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show the filters with how many programs are left."""
        facet, _, packed = self.key.partition(".")
        name = facet.rstrip("0123456789")
        if name not in set(Facet):
            raise STALE
        value = "" if values[0] == "any" else values[0]
        await show(interaction, Screen.FILTER, unpack(packed).having(Facet(name), value))


@draws(Screen.LIST)
async def list_card(interaction: Interaction, view: View, _: str, said: Said) -> Card:
    """Return one page of her list."""
    services, member_id = services_of(interaction), interaction.user.id
    programs, hers = services.programs, await services.programs.season_of(member_id)
    year = view.year or hers
    stored, seasons = await programs.of(member_id, year), await programs.seasons_of(member_id)
    held = await programs.lists.of(interaction.guild_id)
    others = _other_rows(view, year, hers, seasons, len(held.entries) if held else 0)
    if not stored:
        add: list[discord.ui.Item[Any]] = [
            AddProgram(view.pack(), label="Add a program", style=discord.ButtonStyle.primary),
            go("Import a file", Screen.IMPORT, view),
            GetTemplate(label="Template"),
        ]
        rows = [undo_row(view, said), add, others]
        return card(f"Your programs, {year} Match", said.text, BEGIN, meaning=Meaning.YOURS, rows=rows, quiet=words.PRIVATE)
    found = ordered(filtered(stored, view.filters), view.sort, programs.names.specialty)
    pages = max(1, -(-len(found) // PER_PAGE))
    view = view.at(min(view.page, pages - 1))
    shown = found[view.page * PER_PAGE : (view.page + 1) * PER_PAGE]
    letters = await programs.letters_for(shown)
    lines = [_line(programs, each, number, letters.get(each.id, ())) for number, each in enumerate(shown, view.page * PER_PAGE + 1)]
    signals, sources = _signals(interaction, signals_spent(stored), year)
    count = f"{len(found)} of {len(stored)}" if view.filters.is_set else f"{len(stored)}"
    return card(
        f"Your programs, {year} Match ({count}{f', page {view.page + 1} of {pages}' if pages > 1 else ''})",
        said.text,
        "\n".join([_stages(stored), *signals]),
        "\n".join(lines) or "No program is left by these filters.",
        f"**Only:** {_filters_text(programs, view)}" if view.filters.is_set else "",
        meaning=Meaning.YOURS,
        rows=_rows(view, shown, pages, said, others, is_hers=year == hers),
        quiet="\n".join([words.PRIVATE, *sources]),
    )


def _stages(programs: Sequence[Program]) -> str:
    counts = Counter(each.stage for each in programs)
    return " · ".join(f"{words.STAGES[stage]}: {counts[stage]}" for stage in ProgramStage if counts[stage])


def _line(programs: ProgramService, program: Program, number: int, letters: Sequence[tuple[Letter, bool]]) -> str:
    if not program.is_readable:
        return f"**{number}.** {program.name} · {words.STAGES[program.stage]}"
    specialty = programs.names.specialty(program.specialty) if program.specialty else ""
    track = "" if program.track is Track.UNKNOWN else TRACKS[program.track]
    head = [f"**{number}. {words.name_of(program)}**", specialty, track, program.region]
    details = [
        f"{words.STAGES[program.stage]} since {words.on_day(program.stage_since)}",
        f"visa: {words.visa_text(program.visa)}" if program.visa else "",
        "" if program.signal is Signal.NONE else f"signal: {SIGNALS[program.signal]}",
        f"letters assigned: {sum(is_assigned for _, is_assigned in letters)} of {len(letters)}" if letters else "",
        f"open house {words.day_text(program.open_house_on)}" if program.open_house_on else "",
    ]
    return f"{' · '.join(part for part in head if part)}\n-# {' · '.join(part for part in details if part)}"


def _signals(interaction: Interaction, spent: Sequence[Spent], year: int) -> tuple[list[str], list[str]]:
    """Return a line for each specialty in which signals are spent, beside the published number; and the sources."""
    figures, lines, sources = services_of(interaction).catalogue.figures, [], {}
    for each in spent[:SPECIALTIES_SHOWN]:
        specialty = figures.specialty(each.specialty) if each.specialty else None
        name = specialty.name if specialty else "specialty not known"
        counts = ", ".join(f"{count} {'' if kind is Signal.ONE else SIGNALS[kind]}".strip() for kind, count in sorted(each.signals.items()))
        newest = specialty.signals[0] if specialty and specialty.signals else None
        lines.append(f"**Signals, {name}:** {counts} spent; {_published(each, newest, year)}")
        if newest is not None:
            sources[words.source_line(newest.citation)] = None
    more = [f"-# Signals are spent in {len(spent) - SPECIALTIES_SHOWN} more specialties."] if len(spent) > SPECIALTIES_SHOWN else []
    return [*lines, *more], [f"Number of signals: {each}." for each in sources]


def _published(spent: Spent, newest: Signals | None, year: int) -> str:
    if newest is None:
        return "how many there are is not known: ask the application service."
    given = published(newest.text) or {}
    over = too_many(spent, given) if given else []
    other = "" if newest.year == year else f"; of {year} nothing is held"
    warning = f" **{_warning(given, over)}**" if over else ""
    return f"published for the {newest.year} Match: {newest.text}{other}.{warning}"


def _warning(given: Mapping[Signal, int], over: Sequence[Signal]) -> str:
    if set(over) <= given.keys():
        return "That is more than there are."
    return "Its signals are gold or silver: say which." if Signal.GOLD in given else "Its signals are all alike: choose “one”."


def _filters_text(programs: ProgramService, view: View) -> str:
    asked = [(facet, getattr(view.filters, facet.value)) for facet in Facet]
    return "; ".join(f"{words.FACETS[facet].lower()}: {words.value_text(programs, facet, value)}" for facet, value in asked if value)


def _rows(view: View, shown: Sequence[Program], pages: int, said: Said, others: list[Any], *, is_hers: bool) -> list[Any]:
    """Return what can be done; to another season than hers nothing is added."""
    rows: list[list[discord.ui.Item[Any]]] = [undo_row(view, said)]
    if shown:
        options = [
            discord.SelectOption(label=f"{number}. {each.name}"[:100], value=each.id, description=words.STAGES[each.stage])
            for number, each in enumerate(shown, view.page * PER_PAGE + 1)
        ]
        rows.append([OpenProgram(view.pack(), options=options, placeholder="Open a program")])
    orders = [discord.SelectOption(label=name, value=sort.value, default=sort is view.sort) for sort, name in words.SORTS.items()]
    rows.append([SortPrograms(view.pack(), options=orders, placeholder="Order")])
    turn: list[discord.ui.Item[Any]] = []
    if pages > 1:
        turn = [
            go("Back", Screen.LIST, view.at(max(view.page - 1, 0)), "b", disabled=view.page == 0),
            go("Next", Screen.LIST, view.at(view.page + 1), "n", disabled=view.page >= pages - 1),
        ]
    add = [AddProgram(view.pack(), label="Add", style=discord.ButtonStyle.primary)] if is_hers else []
    bring = [go("Import a file", Screen.IMPORT, view)] if is_hers else []
    rows.append([*turn, go("Filter", Screen.FILTER, view), *add])
    beside = [go("What fits", Screen.FIT, replace(view, page=0)), go("What it costs", Screen.COST, View(view.year))]
    rows.append([*bring, ExportPrograms(str(view.year), label="Export"), *beside])
    return [*rows, others]


def _other_rows(view: View, year: int, hers: int, seasons: dict[int, int], listed: int) -> list[discord.ui.Item[Any]]:
    """Return what leads elsewhere: the server's list, an earlier season to carry over, other seasons."""
    found: list[discord.ui.Item[Any]] = []
    if listed and year == hers:
        found.append(go(f"This server's list ({listed})", Screen.SERVER, view, "0"))
    earlier = max((each for each in seasons if each < hers), default=None)
    if earlier is not None and year == hers:
        found.append(CarryOver(str(earlier), label=f"Carry over {earlier} ({seasons[earlier]})"))
    other = next((each for each in (*([hers] if year != hers else []), *seasons) if each != year), None)
    if other is not None:
        found.append(go(f"{other} Match", Screen.LIST, View(0 if other == hers else other)))
    return found


@draws(Screen.FILTER)
async def filter_card(interaction: Interaction, view: View, _: str, _said: Said) -> Card:
    """Return the filters, each with the values that stand in her list, and how many programs are left."""
    services, member_id = services_of(interaction), interaction.user.id
    programs = services.programs
    stored = await programs.of(member_id, view.year or await programs.season_of(member_id))
    found = filtered(stored, view.filters)
    rows: list[list[discord.ui.Item[Any]]] = []
    for facet, name in words.FACETS.items():
        counts = list(counted(stored, facet).items())
        for chunk in range(0, len(counts), OPTIONS):
            options = _options(programs, facet, counts[chunk : chunk + OPTIONS], getattr(view.filters, facet.value))
            which = name if chunk == 0 else f"{name}, more"
            rows.append([FilterPrograms(f"{facet.value}{chunk // OPTIONS}.{view.pack()}", options=options, placeholder=f"{which}: any")])
    buttons: list[discord.ui.Item[Any]] = [
        go(f"Show {len(found)}", Screen.LIST, view, primary=True),
        go("Show all", Screen.LIST, View(view.year, view.sort), "a"),
    ]
    asked = f"**Only:** {_filters_text(programs, view)}" if view.filters.is_set else "Every program is shown. Choose what to see only."
    return card(f"Filter your programs: {len(found)} of {len(stored)}", asked, meaning=Meaning.YOURS, rows=[*rows, buttons])


def _options(programs: ProgramService, facet: Facet, counts: Sequence[tuple[str, int]], chosen: str) -> list[discord.SelectOption]:
    names = [(value, words.value_text(programs, facet, value), count) for value, count in counts]
    return [
        discord.SelectOption(label="Any", value="any"),
        *(
            discord.SelectOption(label=f"{name[:1].upper()}{name[1:]} ({count})"[:100], value=value, default=value == chosen)
            for value, name, count in names
        ),
    ]


ITEMS = (OpenProgram, SortPrograms, FilterPrograms)
