"""Her list as a file: as a table for a spreadsheet, and as plain text."""

import csv
import io
from collections.abc import Mapping, Sequence

from bot.domain.programs import Program
from bot.domain.rank_list import PRIMARY, RankList

COLUMNS = ("list", "rank", "program", "specialty", "track", "state", "code", "stage")
_RUNS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would run begins with one of these."""


def as_csv(held: RankList, programs: Mapping[str, Program], specialties: Mapping[str, str]) -> bytes:
    """Return her lists as CSV in UTF-8 with a mark that spreadsheets know it by; nothing in it is a formula."""
    told = io.StringIO()
    writer = csv.writer(told)
    writer.writerow((*COLUMNS, *(_inert(each.name) for each in held.criteria)))
    for name, ids in _lists(held, programs):
        for rank, program in enumerate((programs[each] for each in ids), 1):
            about = (
                name,
                rank,
                program.name,
                specialties.get(program.specialty or "", program.specialty or ""),
                program.track.value,
                program.region,
                program.code,
                program.stage.value,
            )
            marks = [held.mark(program.id, each.key) for each in held.criteria]
            writer.writerow([_inert(str(cell)) for cell in about] + ["" if mark is None else mark for mark in marks])
    return b"\xef\xbb\xbf" + told.getvalue().encode()


def as_text(held: RankList, programs: Mapping[str, Program], certified: str) -> bytes:
    """Return her lists as plain text; ``certified`` says what she noted of it."""
    lines = [f"Rank order list, {held.season_year} Match", certified, ""]
    for name, ids in _lists(held, programs):
        lines.append(name[:1].upper() + name[1:])
        for rank, each in enumerate(ids, 1):
            code = f" ({programs[each].code})" if programs[each].code else ""
            lines.append(f"{rank:>3}. {' '.join(programs[each].name.split())}{code}")
        lines.append("")
    lines.append("Kept in Matchday. What counts is the list that is certified in R3.")
    return ("\n".join(lines) + "\n").encode()


def _lists(held: RankList, programs: Mapping[str, Program]) -> list[tuple[str, Sequence[str]]]:
    supplemental = [(f"supplemental, for {programs[key].name}", held.of(key)) for key in held.primary if held.of(key)]
    return [("primary", held.of(PRIMARY)), *supplemental]


def _inert(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    text = " ".join(cell.split())
    return f"'{text}" if text.startswith(_RUNS) else text
