"""Posting a card for everybody in a channel."""

from bot.domain.servers import Feature
from bot.errors import UserFacingError
from cogs._ui.actions import Interaction
from cogs._ui.cards import Card
from cogs._ui.features import require_feature


async def post(interaction: Interaction, view: Card) -> None:
    """Post a public copy in the channel of the click.

    Raises:
        UserFacingError: The click was not in a server, or the server has switched sharing off.
    """
    await require_sharing(interaction)
    if interaction.response.is_done():
        await interaction.followup.send(view=view, files=view.files())
    else:
        await interaction.response.send_message(view=view, files=view.files())


async def require_sharing(interaction: Interaction) -> None:
    """Raise UserFacingError where nothing can be posted for everybody: outside of servers, and where a server has switched that off."""
    if interaction.guild_id is None:
        raise UserFacingError("There is nobody to share it with here.", "Use the command in a channel of a server, then press Share here.")
    await require_feature(interaction, Feature.SHARING)
