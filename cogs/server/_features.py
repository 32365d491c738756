"""What members may use in a server, switched on or off one by one."""

import discord

from bot.domain.servers import Feature, ServerSettings
from bot.errors import UserFacingError
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card
from cogs._ui.features import WORDS
from cogs._ui.staff import require_manager
from cogs.server._setup import OpenSetup

ON, OFF = "on", "off"
STALE = UserFacingError("That feature is not there any more.", "Use /server setup to see those that are.")


class OpenFeatures(Action, prefix="server:features"):
    """Show what members may use here."""

    async def act(self, interaction: Interaction) -> None:
        """Show it, in place."""
        require_manager(interaction)
        assert interaction.guild_id is not None  # noqa: S101 - the card stands in servers only
        services: Services = interaction.client.services
        await send_card(interaction, features_card(await services.servers.get(interaction.guild_id)), edit=True)


class SwitchFeature(Action, prefix="server:feature"):
    """Switch the feature in the key to what stands behind the dot: a second press changes nothing."""

    async def act(self, interaction: Interaction) -> None:
        """Switch it, and show what is on."""
        require_manager(interaction)
        assert interaction.guild_id is not None  # noqa: S101 - the card stands in servers only
        services: Services = interaction.client.services
        name, _, wanted = self.key.partition(".")
        if name not in list(Feature):
            raise STALE
        settings = await services.servers.switch(interaction.guild_id, interaction.user.id, Feature(name), is_on=wanted == ON)
        await send_card(interaction, features_card(settings), edit=True)


def features_card(settings: ServerSettings) -> Card:
    """Return each feature with what it does, whether it is on, and the button that switches it."""
    lines = [f"**{WORDS[each].name}: {ON if each in settings.features else OFF}.** {WORDS[each].does}" for each in Feature]
    return card(
        "What members may use here",
        "\n".join(lines),
        "Where something is off, its command and its buttons say so here, and what to do instead. Direct messages are not touched.",
        meaning=Meaning.FACT,
        rows=[[_switch(each, settings)] for each in Feature] + [[OpenSetup(label="Back to the setup")]],
        quiet="Each change is recorded in /server audit.",
    )


def _switch(feature: Feature, settings: ServerSettings) -> Action:
    is_on = feature in settings.features
    style = discord.ButtonStyle.secondary if is_on else discord.ButtonStyle.primary
    return SwitchFeature(f"{feature}.{OFF if is_on else ON}", label=f"{WORDS[feature].name}: switch {OFF if is_on else ON}", style=style)


ITEMS = (OpenFeatures, SwitchFeature)
