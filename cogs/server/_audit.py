"""``/server audit``: who changed or sent what, paged and as a file."""

import io

import discord

from bot.domain.servers import AuditEntry
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, Meaning, card, plain, send_card, shortened
from cogs._ui.staff import require_manager
from cogs._ui.times import stamp

PER_PAGE = 8
DETAIL = 200


class TurnAudit(Action, prefix="server:audit"):
    """Turn the audit to the page in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Show the page, in place."""
        require_manager(interaction)
        assert interaction.guild_id is not None  # noqa: S101 - the command is there in servers only
        await send_card(interaction, await audit_card(interaction.client.services, interaction.guild_id, int(self.key)), edit=True)


class ExportAudit(Action, prefix="server:export"):
    """Hand the audit over as a file."""

    async def act(self, interaction: Interaction) -> None:
        """Send it to the one who asks."""
        require_manager(interaction)
        assert interaction.guild_id is not None  # noqa: S101 - the command is there in servers only
        services: Services = interaction.client.services
        file = discord.File(io.BytesIO(await services.servers.export_deeds(interaction.guild_id)), filename="matchday-audit.csv")
        await interaction.response.send_message(file=file, ephemeral=True)


async def audit_card(services: Services, guild_id: int, page: int) -> Card:
    """Return one page of a server's audit, the newest first."""
    page = max(0, page)
    found, total = await services.servers.deeds(guild_id, PER_PAGE, page * PER_PAGE)
    if not found:
        return card("Nothing is recorded yet", "What managers and moderators change or send is recorded here.", meaning=Meaning.FACT)
    turn = [
        TurnAudit(str(page - 1), label="Newer", disabled=page == 0),
        TurnAudit(str(page + 1), label="Older", disabled=(page + 1) * PER_PAGE >= total),
    ]
    return card(
        f"Who did what here ({total:,})",
        "\n".join(_line(entry) for entry in found),
        rows=[[*(turn if total > PER_PAGE else []), ExportAudit(label="As a file")]],
        quiet="Only deeds of managers and moderators; nothing of members is in it. One who erases her data is shown as erased.",
    )


def _line(entry: AuditEntry) -> str:
    who = f"<@{entry.actor_id}>" if entry.actor_id else "someone who erased her data"
    detail = "; ".join(_changed(key, value) for key, value in entry.detail.items() if key != "id")
    return f"- {stamp(entry.at, 'f')} {who}: **{entry.what.value.replace('_', ' ')}**{f' ({detail})' if detail else ''}"


def _changed(key: str, value: str) -> str:
    """Return what was set to what; channels and roles as Discord shows them."""
    name = key.removesuffix("_id").replace("_", " ")
    ids = value.split(", ")
    if all(each.isdigit() for each in ids) and ("channel" in key or "roles" in key):
        sign = "#" if "channel" in key else "@&"
        return f"{name}: {', '.join(f'<{sign}{each}>' for each in ids)}"
    return f"{name}: {plain(shortened(value, DETAIL))}"


ITEMS = (TurnAudit, ExportAudit)
