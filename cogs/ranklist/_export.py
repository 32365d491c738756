"""Her list handed over as a file, for herself."""

import io

import discord

from bot.domain.rank_exports import as_csv, as_text
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Meaning, card, send_card
from cogs.ranklist._words import certified_line


class ExportList(Action, prefix="ranklist:export"):
    """Hand over the list; the key is the form."""

    async def act(self, interaction: Interaction) -> None:
        """Send the file, to her alone."""
        services: Services = interaction.client.services
        board = await services.rank_lists.board(interaction.user.id)
        specialties = {each.id: each.name for each in services.catalogue.figures.specialties}
        is_text = self.key == "text"
        content = (
            as_text(board.held, board.programs, certified_line(board).replace("**", ""))
            if is_text
            else as_csv(board.held, board.programs, specialties)
        )
        name = f"rank-list-{board.year}.{'txt' if is_text else 'csv'}"
        view = card(
            "Your rank order list as a file",
            f"`{name}`: your lists in your order{'' if is_text else ', with what you marked'}.",
            meaning=Meaning.YOURS,
            quiet="A copy for yourself. What counts is the list that is certified in R3.",
        )
        view.container.add_item(discord.ui.File(f"attachment://{name}"))
        await send_card(interaction, view, file=discord.File(io.BytesIO(content), filename=name))


ITEMS = (ExportList,)
