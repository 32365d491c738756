"""``/programs``."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.program_costs import MOST_MORE, Group
from bot.domain.program_fields import FieldError, read_region, read_specialty
from bot.domain.program_order import Filters, Sort
from bot.domain.programs import HIGHEST_SCORE, LOWEST_SCORE, ProgramStage
from bot.errors import UserFacingError
from bot.services.bundle import Services
from cogs.programs import _words as words
from cogs.programs._cost import rest_of
from cogs.programs._forms import NEW, Part, open_form
from cogs.programs._import import SKIP, UPDATE, import_file
from cogs.programs._ways import Screen, View, show

ORDERS = [app_commands.Choice(name=name, value=sort.value) for sort, name in words.SORTS.items()]
STAGES = [app_commands.Choice(name=name, value=stage.value) for stage, name in words.STAGES.items()]
SAME = [app_commands.Choice(name="update it", value=UPDATE), app_commands.Choice(name="skip the row", value=SKIP)]


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class Programs(commands.GroupCog, name="programs", description="The programs that you consider and apply to"):
    """Keep the programs that a member considers, by hand or from a file."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="list", description="Your programs: sorted, filtered, with stages, signals and letters")
    @app_commands.describe(sort="The order", stage="Of one stage only", specialty="Of one specialty only", state="Of one state or province")
    @app_commands.choices(sort=ORDERS, stage=STAGES)
    async def list(
        self,
        interaction: discord.Interaction[Any],
        sort: str = Sort.NAME.value,
        stage: str = "",
        specialty: app_commands.Range[str, 1, 60] = "",
        state: app_commands.Range[str, 1, 40] = "",
    ) -> None:
        """Show the list."""
        names = self._services.programs.names.of(0)
        try:
            found = read_specialty(specialty, names) if specialty else ""
            region = read_region(state, names) if state else ""
        except FieldError as error:
            raise UserFacingError(error.what, error.todo) from None
        filters = Filters(ProgramStage(stage).value if stage else "", found, region)
        await show(interaction, Screen.LIST, View(0, Sort(sort), filters))

    @app_commands.command(name="add", description="Add a program: a short form first, then part by part")
    async def add(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form."""
        await open_form(interaction, View(), Part.BASICS, NEW)

    @app_commands.command(name="fit", description="What fits of your programs, what not, what is unknown: rule by rule, no score")
    @app_commands.describe(score="Your score of Step 2 CK; used for this card, never stored")
    async def fit(
        self, interaction: discord.Interaction[Any], score: app_commands.Range[int, LOWEST_SCORE, HIGHEST_SCORE] | None = None
    ) -> None:
        """Show how the cut-offs stand."""
        await show(interaction, Screen.FIT, View(), f"{score or ''}-")

    @app_commands.command(name="cost", description="What applying costs, as far as fees are held; and what more programs would cost")
    @app_commands.describe(more="How many programs more", specialty="In which specialty; without it, that of most of your programs")
    async def cost(
        self,
        interaction: discord.Interaction[Any],
        more: app_commands.Range[int, 0, MOST_MORE] = 0,
        specialty: app_commands.Range[str, 1, 60] = "",
    ) -> None:
        """Show the reckoning."""
        names = self._services.programs.names
        try:
            found = read_specialty(specialty, names.of(0)) if specialty else None
        except FieldError as error:
            raise UserFacingError(error.what, error.todo) from None
        where = Group(names.service(found, ""), found) if found else None
        await show(interaction, Screen.COST, View(), rest_of(more, where))

    @app_commands.command(name="import", description="Add many programs from a CSV file, each row checked")
    @app_commands.describe(
        file="A CSV file; without one, how it is done and a template", same="What becomes of a program that stands there"
    )
    @app_commands.choices(same=SAME)
    async def import_(self, interaction: discord.Interaction[Any], file: discord.Attachment | None = None, same: str = UPDATE) -> None:
        """Take over a file, or show how."""
        if file is None:
            await show(interaction, Screen.IMPORT, View())
        else:
            await import_file(interaction, file, is_updating=same != SKIP)
