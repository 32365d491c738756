"""``/programs import``: a file of programs, its rows checked one by one, with a report and the rows to mend."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.domain.program_csv import MAX_BYTES, MAX_ROWS, Row, Sheet
from bot.domain.program_merge import Outcome
from bot.errors import UserFacingError
from bot.services.programs import Imported
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, Meaning, card, plain, send_card, shortened
from cogs._ui.forms import Form
from cogs.programs._files import GetTemplate, with_file
from cogs.programs._ways import Said, Screen, View, draws, go, services_of, undo_row, unpack

TO_MEND_FILE = "matchday-rows-to-mend.csv"
PROBLEMS_SHOWN = 8
NAMES_SHOWN = 5
UPDATE, SKIP = "update", "skip"
TOO_LARGE = UserFacingError(f"The file has more than {MAX_BYTES // 1_000_000} MB.", "Send it in parts. Nothing was changed.")
NOT_FETCHED = UserFacingError("Discord did not hand the file over.", "Send it again; nothing was changed.")


class UploadPrograms(Action, prefix="programs:upload"):
    """Ask for a file; the key is the view to come back to."""

    async def act(self, interaction: Interaction) -> None:
        """Open the form."""
        await interaction.response.send_modal(UploadForm(unpack(self.key)))


class UploadForm(Form):
    """Ask for a file, and what becomes of programs that stand in the list already."""

    def __init__(self, view: View) -> None:
        super().__init__("Import programs")
        self._view = view
        self.file: ui.FileUpload[Any] = ui.FileUpload(max_values=1)
        self.same: ui.Select[Any] = ui.Select(
            options=[
                discord.SelectOption(label="Update it: filled cells count, empty ones leave what is", value=UPDATE, default=True),
                discord.SelectOption(label="Skip the row", value=SKIP),
            ]
        )
        self.ask("CSV file", self.file, "From the template or your own spreadsheet, saved as CSV.")
        self.ask("If a program stands on your list already", self.same)

    async def submitted(self, interaction: Interaction) -> None:
        """Read it, and report."""
        await import_file(interaction, self.file.values[0], is_updating=self.same.values != [SKIP], view=self._view)


async def read_file(file: discord.Attachment) -> bytes:
    """Return the content of a file that was sent along; raise UserFacingError where it is too large or can't be had."""
    if file.size > MAX_BYTES:
        raise TOO_LARGE
    try:
        return await file.read()
    except (discord.HTTPException, discord.NotFound) as error:
        raise NOT_FETCHED from error


async def import_file(interaction: Interaction, file: discord.Attachment, *, is_updating: bool, view: View | None = None) -> None:
    """Take over a file, and report row by row."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    content = await read_file(file)
    imported = await services_of(interaction).programs.import_file(interaction.user.id, content, is_updating=is_updating)
    report = report_card(imported, view or View())
    if imported.to_mend is None:
        await send_card(interaction, report)
        return
    report, to_mend = with_file(report, imported.to_mend, TO_MEND_FILE)
    await send_card(interaction, report, file=to_mend)


@draws(Screen.IMPORT)
async def import_card(interaction: Interaction, view: View, _: str, _said: Said) -> Card:
    """Return how a file is imported."""
    year = view.year or await services_of(interaction).programs.season_of(interaction.user.id)
    return card(
        f"Import programs from a file, {year} Match",
        "1. Take the template, or your own spreadsheet with a first row that names its columns; only “program” is needed.\n"
        "2. Save it as CSV. Commas, semicolons or tabs; UTF-8, UTF-16 or Windows-1252: each is read.\n"
        f"3. Send it here, or with /programs import file. At most {MAX_ROWS:,} rows and {MAX_BYTES // 1_000_000} MB at once.",
        "Each row is checked. Rows that can be read are kept; the others come back as a file that says what to mend. "
        "You can take the whole import back.",
        meaning=Meaning.YOURS,
        rows=[
            [
                UploadPrograms(view.pack(), label="Send a file", style=discord.ButtonStyle.primary),
                GetTemplate(label="Template"),
                go("Back to the list", Screen.LIST, view),
            ]
        ],
        quiet="The file is read and not kept.",
    )


def report_card(imported: Imported, view: View) -> Card:
    """Return what became of a file."""
    outcome = imported.outcome
    is_whole = not outcome.refused
    after = "" if is_whole else "The rows to mend are in the file below, as you sent them, each with what to do. Mend it and send it again."
    return card(
        f"Import, {imported.season_year} Match: {len(outcome.added):,} added, {len(outcome.changed):,} updated",
        "\n".join(counts_of(imported.sheet, outcome)),
        problems_text(outcome.refused),
        after,
        meaning=Meaning.DONE if is_whole else Meaning.ATTENTION,
        rows=[
            [
                go("Show the list", Screen.LIST, view, primary=True),
                *undo_row(view, Said(token=imported.token), label="Take this import back"),
            ]
        ],
        quiet="The file was read and not kept. It can be taken back until your next change.",
    )


def counts_of(sheet: Sheet, outcome: Outcome) -> list[str]:
    """Return what became of the rows, in lines."""
    read = len(sheet.rows)
    lines = [f"{read:,} row{'' if read == 1 else 's'} read."]
    if outcome.unchanged:
        lines.append(f"Without anything new: {len(outcome.unchanged):,}.")
    if outcome.skipped:
        lines.append(f"Skipped, since the program stands on the list already: {len(outcome.skipped):,} ({_names(outcome.skipped)}).")
    if outcome.repeated:
        lines.append(f"Of a program that an earlier row of the file names too: {len(outcome.repeated):,} ({_names(outcome.repeated)}).")
    if outcome.refused:
        lines.append(f"**To mend: {len(outcome.refused):,}.** The others are kept.")
    if sheet.unknown:
        named = ", ".join(f"“{plain(shortened(each, 40))}”" for each in sheet.unknown[:NAMES_SHOWN])
        more = f" and {len(sheet.unknown) - NAMES_SHOWN} more" if len(sheet.unknown) > NAMES_SHOWN else ""
        lines.append(f"Columns that I don't know were left out: {named}{more}. The template has the names.")
    if sheet.examples:
        lines.append("The invented row of the template was left out.")
    return lines


def problems_text(refused: Sequence[tuple[Row, str]]) -> str:
    """Return the first rows that could not be taken: which, and what to mend."""
    lines = [
        f"- **Row {row.number}**{f' ({plain(shortened(row.name, 30))})' if row.name else ''}: {plain(shortened(problem, 200))}"
        for row, problem in refused[:PROBLEMS_SHOWN]
    ]
    if len(refused) > PROBLEMS_SHOWN:
        lines.append(f"-# and {len(refused) - PROBLEMS_SHOWN:,} more, in the file")
    return "\n".join(lines)


def _names(rows: Sequence[Row]) -> str:
    named = ", ".join(f"row {row.number}" for row in rows[:NAMES_SHOWN])
    return f"{named} and {len(rows) - NAMES_SHOWN:,} more" if len(rows) > NAMES_SHOWN else named


ITEMS = (UploadPrograms,)
