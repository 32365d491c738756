"""``/interviews heard``: the board of a server, her own reports, and what moderators hide."""

from datetime import date
from typing import Any

import discord
from discord import ui

from bot.domain.interviews_heard import MAX_PROGRAM, NEEDED, Report, ShownProgram
from bot.domain.servers import Feature
from bot.errors import UserFacingError
from bot.services.bundle import Services
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, Row, card, plain, send_card, shortened
from cogs._ui.features import require_feature
from cogs._ui.forms import Form
from cogs._ui.servers import server_name
from cogs._ui.staff import is_moderator

PER_PAGE = 10
MAX_DAY = 40
RULE = (
    f"Told by members of this server, checked by nobody. A program is shown once {NEEDED} different members have reported it; "
    "who did is shown to nobody."
)
IN_A_SERVER = UserFacingError(
    "The board belongs to a server.", "Use /interviews heard in a channel of your server; only you see the reply."
)
NO_MODERATOR = UserFacingError("Moderators of this server hide programs.", "If an entry is abusive, show it to one of them.")


async def require_board(interaction: Interaction) -> tuple[Services, discord.Guild]:
    """Return the services and the server whose board it is; raise UserFacingError where there is none, or it is switched off."""
    guild = interaction.client.get_guild(interaction.guild_id) if interaction.guild_id else None
    if guild is None:
        raise IN_A_SERVER
    await require_feature(interaction, Feature.INTERVIEW_BOARD)
    return interaction.client.services, guild


async def require_hider(interaction: Interaction) -> tuple[Services, int]:
    """Return the services and the server; raise UserFacingError unless the one who acts moderates it."""
    if interaction.guild_id is None or not await is_moderator(interaction):
        raise NO_MODERATOR
    return interaction.client.services, interaction.guild_id


async def answer(interaction: Interaction, program: str | None, day: str | None) -> None:
    """Answer the command: the board, the form, or what was reported; in her conversation with the bot all that she reported."""
    if interaction.guild_id is None:
        await send_card(interaction, await mine_card(interaction))
        return
    services, guild = await require_board(interaction)
    if program is None and day is None:
        await send_card(interaction, await board_card(interaction, services, guild.id, 0))
    elif program is None or day is None:
        today = await services.interviews_heard.today_of(interaction.user.id)
        await interaction.response.send_modal(ReportForm(today, program or "", day or ""))
    else:
        await _report(interaction, program, day, edit=False)


async def suggested(interaction: Interaction, typed: str) -> list[str]:
    """Return names of programs that are shown in the server; none where there is no board."""
    try:
        services, guild = await require_board(interaction)
    except UserFacingError:
        return []
    return await services.interviews_heard.suggest(guild.id, typed)


class TurnBoard(Action, prefix="heard:page"):
    """Turn the board to the page in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Show the page, in place."""
        services, guild = await require_board(interaction)
        await send_card(interaction, await board_card(interaction, services, guild.id, int(self.key)), edit=True)


class ReportOne(Action, prefix="heard:report"):
    """Report an invitation."""

    async def act(self, interaction: Interaction) -> None:
        """Open the form, today being the day that stands there."""
        services, _ = await require_board(interaction)
        await interaction.response.send_modal(ReportForm(await services.interviews_heard.today_of(interaction.user.id)))


class ReportForm(Form):
    """Ask for program and day, and nothing else."""

    def __init__(self, today: date, program: str = "", day: str = "") -> None:
        super().__init__("I heard of an interview")
        self.program: ui.TextInput[Any] = ui.TextInput(
            max_length=MAX_PROGRAM, default=program[:MAX_PROGRAM] or None, placeholder="Its name, as the program writes it"
        )
        self.day: ui.TextInput[Any] = ui.TextInput(max_length=MAX_DAY, default=day or day_in_words(today))
        self.ask("Program", self.program, "Case, blanks and signs make no difference.")
        self.ask("The day on which you heard", self.day, "Like 20 Nov 2026, today or yesterday.")

    async def submitted(self, interaction: Interaction) -> None:
        """Keep it, and say what becomes of it."""
        await _report(interaction, self.program.value, self.day.value, edit=interaction.message is not None)


class ShowMine(Action, prefix="heard:mine"):
    """Show what she reported here."""

    async def act(self, interaction: Interaction) -> None:
        """Show it, in place."""
        await send_card(interaction, await mine_card(interaction), edit=True)


class TakeBack(Choice, prefix="heard:back"):
    """Take one of her reports back; the value is the server and the program."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Delete it, also where the board is switched off; show what is left."""
        guild_id, _, program_id = values[0].partition(".")
        services: Services = interaction.client.services
        await services.interviews_heard.take_back(interaction.user.id, int(guild_id), program_id)
        await send_card(interaction, await mine_card(interaction, "Taken back: that report is deleted."), edit=True)


class HideProgram(Choice, prefix="heard:hide"):
    """Hide a program of the page."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Hide it, and show what is hidden."""
        services, guild_id = await require_hider(interaction)
        name = await services.interviews_heard.hide(guild_id, interaction.user.id, values[0])
        await send_card(interaction, await hidden_card(services, guild_id, f"Hidden: {plain(name)}."), edit=True)


class ShowHidden(Action, prefix="heard:hidden"):
    """Show what moderators hid."""

    async def act(self, interaction: Interaction) -> None:
        """Show it, in place."""
        services, guild_id = await require_hider(interaction)
        await send_card(interaction, await hidden_card(services, guild_id), edit=True)


class ShowAgain(Choice, prefix="heard:again"):
    """Hide a program no more."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it again, and show what is hidden still."""
        services, guild_id = await require_hider(interaction)
        name = await services.interviews_heard.show_again(guild_id, interaction.user.id, values[0])
        await send_card(interaction, await hidden_card(services, guild_id, f"Not hidden any more: {plain(name)}."), edit=True)


async def _report(interaction: Interaction, program: str, day: str, *, edit: bool) -> None:
    services, guild = await require_board(interaction)
    report = await services.interviews_heard.report(guild.id, interaction.user.id, program, day)
    view = card(
        "Reported",
        f"**{plain(report.name)}:** you heard on {day_in_words(report.heard_on)}.",
        f"It is shown without you once {NEEDED} different members have reported it. Reporting it again changes your day.",
        meaning=Meaning.DONE,
        rows=[[TurnBoard("0", label="The board"), ReportOne(label="Report another"), ShowMine(label="Your reports")]],
        quiet="Your report is yours: take it back at any time under Your reports; /mydata erase deletes it too.",
    )
    await send_card(interaction, view, edit=edit)


def day_in_words(day: date) -> str:
    """Return a day as it can be typed, too."""
    return f"{day.day} {day:%b %Y}"


async def board_card(interaction: Interaction, services: Services, guild_id: int, page: int) -> Card:
    """Return one page of the board; for moderators with what hides a program."""
    page = max(0, page)
    board = await services.interviews_heard.board(guild_id, PER_PAGE, page * PER_PAGE)
    turn: Row = [
        TurnBoard(str(page - 1), label="Newer", disabled=page == 0),
        TurnBoard(str(page + 1), label="Older", disabled=(page + 1) * PER_PAGE >= board.total),
    ]
    nothing = f"Nothing is shown yet. A program stands here once {NEEDED} different members have reported it."
    watches = await is_moderator(interaction)
    options = [discord.SelectOption(label=each.name[:100], value=each.program_id) for each in board.programs] if watches else []
    return card(
        f"Interview invitations heard, {board.year} Match ({board.total:,})",
        "\n".join(_line(each) for each in board.programs) or nothing,
        rows=[
            [ReportOne(label="Report one", style=discord.ButtonStyle.primary), ShowMine(label="Your reports")],
            turn if board.total > PER_PAGE else [],
            [HideProgram(options=options, placeholder="Moderators: hide a program")] if options else [],
            [ShowHidden(label="Moderators: what is hidden")] if watches else [],
        ],
        quiet=f"{RULE}\nNo invitation follows from it, and none is missing where a program is not shown. Only this season is shown.",
    )


def _line(program: ShownProgram) -> str:
    days = day_in_words(program.first_on)
    if program.last_on != program.first_on:
        days = f"first {days}, last {day_in_words(program.last_on)}"
    return f"- **{plain(program.name)}** · {program.reports:,} reports · {days}"


async def mine_card(interaction: Interaction, done: str = "") -> Card:
    """Return what she reported in this server; in her conversation with the bot, everywhere."""
    services: Services = interaction.client.services
    reports = await services.interviews_heard.mine(interaction.user.id, interaction.guild_id)
    board: Row = [TurnBoard("0", label="The board"), ReportOne(label="Report one")] if interaction.guild_id else []
    options = [_mine_option(interaction, each) for each in reports]
    where = "" if interaction.guild_id else " The board of a server is shown there: /interviews heard."
    return card(
        "Your reports",
        done,
        "\n".join(f"- {plain(each.name)}: {day_in_words(each.heard_on)}" for each in reports) or f"You have reported nothing here.{where}",
        meaning=Meaning.YOURS,
        rows=[[TakeBack(options=options, placeholder="Take one back")] if options else [], board],
        quiet="Only you see this. Nobody is told who reported what.",
    )


def _mine_option(interaction: Interaction, report: Report) -> discord.SelectOption:
    where = f"{report.season_year} Match"
    if interaction.guild_id is None:
        where = f"{where}, {server_name(interaction.client, report.guild_id)}"
    return discord.SelectOption(label=report.name[:100], value=f"{report.guild_id}.{report.program_id}", description=shortened(where, 100))


async def hidden_card(services: Services, guild_id: int, done: str = "") -> Card:
    """Return what moderators hid in this season, with what shows it again."""
    hidden = await services.interviews_heard.hidden(guild_id)
    options = [discord.SelectOption(label=each.name[:100], value=each.program_id) for each in hidden]
    return card(
        "Hidden from the board",
        done,
        "\n".join(f"- {plain(each.name)}" for each in hidden) or "Nothing is hidden.",
        rows=[[ShowAgain(options=options, placeholder="Show one again")] if options else [], [TurnBoard("0", label="The board")]],
        quiet="A hidden program is not shown and not suggested, and takes no reports. /server audit says who hid what.",
    )


ITEMS = (TurnBoard, ReportOne, ShowMine, TakeBack, HideProgram, ShowHidden, ShowAgain)
