"""What a member says of her result: kept, changed, forgotten; never asked of anybody else."""

from bot.domain.own_week import Result
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs.matchweek._ways import STALE, View, country_in, show


class Say(Action, prefix="matchweek:say"):
    """Keep the result in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Keep it, and show the steps that follow."""
        services: Services = interaction.client.services
        code, _, result = self.key.partition("-")
        country = country_in(code)
        if result not in set(Result):
            raise STALE
        member = await services.members.get(interaction.user.id)
        await services.own_week.say(member, country, Result(result), interaction.guild_id)
        await show(interaction, View.STATUS, country)


class Forget(Action, prefix="matchweek:forget"):
    """Delete all that she said of a week."""

    async def act(self, interaction: Interaction) -> None:
        """Delete it, and say so."""
        services: Services = interaction.client.services
        country = country_in(self.key)
        member = await services.members.get(interaction.user.id)
        was_there = await services.own_week.forget(member, country)
        await show(interaction, View.NOW, country, "**Forgotten.** Nothing of it is kept." if was_there else "Nothing was kept.")


ITEMS = (Say, Forget)
