"""``/programs fit``: what she told laid beside what she noted of each program, cut-offs apart from wishes; for her alone, no score."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import discord

from bot.domain.program_fit import FitFinding, Fits, Hers, standing
from bot.domain.program_order import filtered, ordered
from bot.domain.programs import HIGHEST_SCORE, LOWEST_SCORE, Program
from cogs._ui.actions import Choice, Interaction
from cogs._ui.cards import Card, Meaning, card
from cogs._ui.ways import number_in
from cogs.programs import _fit_words as fit_words
from cogs.programs import _words as words
from cogs.programs._ways import STALE, Said, Screen, View, draws, go, services_of, show, split_key, unpack

PER_PAGE = 8
Found = tuple[Program, tuple[FitFinding, ...]]
NOTHING = "No program that is not over stands on your list. /programs add adds one; then note what it asks for, part by part."


class OpenFit(Choice, prefix="programs:fit"):
    """Open one program of the page, rule by rule."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it, in place."""
        packed, rest = split_key(self.key, 2)
        await show(interaction, Screen.FIT_OF, unpack(packed), f"{rest}.{values[0]}")


class ShowFits(Choice, prefix="programs:fits"):
    """Show only the programs of one kind."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show the first page of them."""
        packed, rest = split_key(self.key, 2)
        if values[0] not in {each or "a" for each in fit_words.GROUPS}:
            raise STALE
        score, _ = _parts(rest)
        await show(interaction, Screen.FIT, unpack(packed).at(0), _rest(score, values[0].replace("a", "")))


def _parts(rest: str) -> tuple[int | None, str]:
    """Return the score and the group of a key; None and all for what is neither."""
    score, group = (*rest.split("-"), "", "")[:2]
    number = number_in(score)
    return number if LOWEST_SCORE <= number <= HIGHEST_SCORE else None, group if group in fit_words.GROUPS else ""


def _rest(score: int | None, group: str = "") -> str:
    return f"{score or ''}-{group}"


@draws(Screen.FIT)
async def fit_card(interaction: Interaction, view: View, rest: str, said: Said) -> Card:
    """Return one page of programs with how their cut-offs stand."""
    services = services_of(interaction)
    score, group = _parts(rest)
    member = await services.members.get(interaction.user.id)
    year = view.year or await services.programs.season_of(member.id)
    fitting = await services.applying.fitting(member, year, score)
    by_id = {each.id: found for each, found in fitting.found}
    programs = [each for each, _ in fitting.found]
    if not programs:
        rows = [[go("To your programs", Screen.LIST, view)]]
        return card(f"What fits, {year} Match", said.text, NOTHING, meaning=Meaning.YOURS, rows=rows, quiet=words.PRIVATE)
    programs = ordered(filtered(programs, view.filters), view.sort, services.programs.names.specialty)
    counts = Counter(fit_words.GROUP_OF[standing(by_id[each.id])] for each in programs)
    wanted = [each for each in programs if group in ("", fit_words.GROUP_OF[standing(by_id[each.id])])]
    pages = max(1, -(-len(wanted) // PER_PAGE))
    view = view.at(min(view.page, pages - 1))
    shown = [(each, by_id[each.id]) for each in wanted[view.page * PER_PAGE : (view.page + 1) * PER_PAGE]]
    numbers = range(view.page * PER_PAGE + 1, len(wanted) + 1)
    lines = [_line(number, *each) for number, each in zip(numbers, shown, strict=False)]
    more = _more(fitting.hers)
    return card(
        f"What fits, {year} Match ({len(wanted)}{f', page {view.page + 1} of {pages}' if pages > 1 else ''})",
        said.text,
        " · ".join(f"{name}: {counts[key]}" for key, name in fit_words.GROUPS.items() if key),
        "\n".join(lines) or "None of your programs is of this kind.",
        f"-# It would say more with {more}." if more else "",
        meaning=Meaning.YOURS,
        rows=_rows(view, shown, numbers, pages, score, group),
        quiet=f"{fit_words.NO_VERDICT}\n{words.PRIVATE}",
    )


def _line(number: int, program: Program, findings: Sequence[FitFinding]) -> str:
    strict = [each for each in findings if each.is_strict]
    parts = [
        f"{fit_words.FITS[fits].lower()}: {', '.join(fit_words.SHORT[each.rule] for each in strict if each.fits is fits)}"
        for fits in (Fits.NO, Fits.UNKNOWN, Fits.YES)
        if any(each.fits is fits for each in strict)
    ]
    return f"**{number}. {words.name_of(program)}**\n-# {' · '.join(parts)}"


def _more(hers: Hers) -> str:
    missing = [
        "your saved answers (/eligibility check, then Save)" if hers.answers is None else "",
        "your Step 2 CK score (the score of this command, not stored; or /journey exams)" if hers.score is None else "",
        "your rotations (/letters rotations)" if hers.in_us is None else "",
    ]
    return ", ".join(each for each in missing if each)


def _rows(view: View, shown: Sequence[Found], numbers: Iterable[int], pages: int, score: int | None, group: str) -> list[list[Any]]:
    rows: list[list[discord.ui.Item[Any]]] = []
    if shown:
        options = [
            discord.SelectOption(label=f"{number}. {each.name}"[:100], value=each.id)
            for number, (each, _) in zip(numbers, shown, strict=False)
        ]
        rows.append([OpenFit(f"{view.pack()}.{_rest(score, group)}", options=options, placeholder="A program, rule by rule")])
    kinds = [discord.SelectOption(label=name, value=key or "a", default=key == group) for key, name in fit_words.GROUPS.items()]
    rows.append([ShowFits(f"{view.pack()}.{_rest(score)}", options=kinds, placeholder="Show only")])
    turn: list[discord.ui.Item[Any]] = []
    if pages > 1:
        rest = _rest(score, group)
        turn = [
            go("Back", Screen.FIT, view.at(max(view.page - 1, 0)), f"{rest}-b", disabled=view.page == 0),
            go("Next", Screen.FIT, view.at(view.page + 1), f"{rest}-n", disabled=view.page >= pages - 1),
        ]
    return [*rows, [*turn, go("To your programs", Screen.LIST, view.at(0))]]


@draws(Screen.FIT_OF)
async def fit_of_card(interaction: Interaction, view: View, rest: str, said: Said) -> Card:
    """Return one program, rule by rule."""
    services = services_of(interaction)
    packed, program_id = split_key(rest, 2)
    score, group = _parts(packed)
    member = await services.members.get(interaction.user.id)
    program = await services.programs.get(member.id, program_id)
    fitting = await services.applying.fitting(member, program.season_year, score)
    findings = next((found for each, found in fitting.found if each.id == program.id), ())
    if not findings:
        raise STALE
    strict = [each for each in findings if each.is_strict]
    beside = [each for each in findings if not each.is_strict]
    overall = {Fits.YES: "every noted cut-off fits", Fits.NO: "a cut-off does not fit", Fits.UNKNOWN: "not enough is known"}
    return card(
        f"{words.name_of(program)}: {overall[standing(findings)]}",
        said.text,
        words.what_line(services.programs, program),
        f"**Strict cut-offs**\n{_findings(program, strict)}",
        f"**Asked for, wished, and beside**\n{_findings(program, beside)}",
        meaning=Meaning.YOURS,
        rows=[
            [go("Back to the fit", Screen.FIT, view, _rest(score, group), primary=True), go("Its card", Screen.PROGRAM, view, program.id)]
        ],
        quiet=f"{fit_words.NO_VERDICT}\n{words.PRIVATE}",
    )


def _findings(program: Program, findings: Sequence[FitFinding]) -> str:
    lines: list[str] = []
    for each in findings:
        read = fit_words.read_text(program, each.rule)
        line = f"- **{fit_words.FITS[each.fits]}: {fit_words.RULES[each.rule]}.** {fit_words.sentence(program, each)}"
        lines.append(f"{line} ({read})" if read else line)
    return "\n".join(lines)


ITEMS = (OpenFit, ShowFits)
