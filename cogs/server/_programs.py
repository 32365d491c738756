"""``/server programs``: the list of programs that a server's managers publish for its members to copy from."""

import io

import discord
from discord import ui

from bot.domain.servers import Deed
from bot.services.bundle import Services
from bot.services.program_lists import MAX_LISTED, Published
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card
from cogs._ui.staff import require_manager
from cogs._ui.times import stamp
from cogs.programs._import import counts_of, problems_text, read_file

TEMPLATE, LISTED, TO_MEND = "matchday-server-programs-template.csv", "matchday-server-programs.csv", "matchday-rows-to-mend.csv"
WHAT = (
    "Members of this server see the list in /programs list, here only, and copy from it by taps. It holds what programs publish: name, "
    "specialty, track, state, service, code, link and notes; nothing of any member. Members see that this server's moderators keep it, as "
    "of its day, and that Matchday has not checked it."
)
HOW = (
    f"Send a CSV file with /server programs file: at most {MAX_LISTED} programs in all. Rows of programs that are listed update them, "
    "others are added; with replace the file takes the place of the list."
)


class ServerTemplate(Action, prefix="server:progtemplate"):
    """Hand over the file to fill in."""

    async def act(self, interaction: Interaction) -> None:
        """Send it."""
        require_manager(interaction)
        services: Services = interaction.client.services
        await _send_file(interaction, card("A file to fill in", HOW), services.programs.lists.template(), TEMPLATE)


class ServerListFile(Action, prefix="server:progexport"):
    """Hand the list over as a file."""

    async def act(self, interaction: Interaction) -> None:
        """Send it."""
        guild_id = guild_of(interaction)
        content = await interaction.client.services.programs.lists.export(guild_id)
        if content is None:
            await send_card(interaction, await programs_card(interaction.client.services, guild_id))
            return
        await _send_file(interaction, card("This server's list", "It can be changed and sent again."), content, LISTED)


class AskTakeDown(Action, prefix="server:progask"):
    """Ask before the list is taken down."""

    async def act(self, interaction: Interaction) -> None:
        """Ask, in place."""
        guild_of(interaction)
        view = card(
            "Take the list down?",
            "Members can't copy from it any more; what they copied stays theirs. Take it as a file first, if you may want it again.",
            meaning=Meaning.ATTENTION,
            rows=[
                [
                    TakeDown(label="Take it down", style=discord.ButtonStyle.danger),
                    ServerListFile(label="As a file"),
                    KeepList(label="Keep it"),
                ]
            ],
        )
        await send_card(interaction, view, edit=True)


class TakeDown(Action, prefix="server:progremove"):
    """Take the list down."""

    async def act(self, interaction: Interaction) -> None:
        """Take it down, note who did it, and show what is."""
        guild_id, services = guild_of(interaction), interaction.client.services
        if await services.programs.lists.remove(guild_id):
            await services.servers.note(guild_id, interaction.user.id, Deed.PROGRAMS_REMOVED, {})
        await send_card(interaction, await programs_card(services, guild_id, "**The list is taken down.**"), edit=True)


class KeepList(Action, prefix="server:progkeep"):
    """Leave the list as it is."""

    async def act(self, interaction: Interaction) -> None:
        """Show it, in place."""
        await send_card(interaction, await programs_card(interaction.client.services, guild_of(interaction)), edit=True)


def guild_of(interaction: Interaction) -> int:
    """Return the id of the server that the one who acts may manage; raise UserFacingError otherwise."""
    require_manager(interaction)
    assert interaction.guild_id is not None  # noqa: S101 - managers are managers of a server
    return interaction.guild_id


async def publish_programs(interaction: Interaction, file: discord.Attachment, *, is_replacing: bool) -> None:
    """Publish a file, note who did it, and report row by row."""
    guild_id, services = guild_of(interaction), interaction.client.services
    await interaction.response.defer(ephemeral=True, thinking=True)
    published = await services.programs.lists.publish(guild_id, await read_file(file), is_replacing=is_replacing)
    outcome = published.outcome
    if outcome.added or outcome.changed or (is_replacing and outcome.unchanged):
        detail = {"added": str(len(outcome.added)), "updated": str(len(outcome.changed)), "in all": str(published.total)}
        await services.servers.note(guild_id, interaction.user.id, Deed.PROGRAMS_PUBLISHED, detail)
    report = report_card(published)
    if published.to_mend is None:
        await send_card(interaction, report)
    else:
        await _send_file(interaction, report, published.to_mend, TO_MEND)


async def programs_card(services: Services, guild_id: int, done: str = "") -> Card:
    """Return what a server publishes, with what can be done."""
    found = await services.programs.lists.of(guild_id)
    template = ServerTemplate(label="Template")
    if found is None:
        return card("No programs are listed here", done, WHAT, HOW, rows=[[template]])
    return card(
        f"Programs that this server lists ({len(found.entries)})",
        done,
        f"Published {stamp(found.published_at, 'f')}.",
        WHAT,
        HOW,
        rows=[[template, ServerListFile(label="As a file"), AskTakeDown(label="Take it down", style=discord.ButtonStyle.danger)]],
        quiet="/server audit says who published it.",
    )


def report_card(published: Published) -> Card:
    """Return what became of a file."""
    outcome = published.outcome
    after = "" if not outcome.refused else "The rows to mend are in the file below, as you sent them, each with what to do."
    return card(
        f"This server lists {published.total:,} programs: {len(outcome.added):,} added, {len(outcome.changed):,} updated",
        "\n".join(counts_of(published.sheet, outcome)),
        problems_text(outcome.refused),
        after,
        meaning=Meaning.ATTENTION if outcome.refused else Meaning.DONE,
        quiet="Members see the list in /programs list. The file was read and not kept.",
    )


async def _send_file(interaction: Interaction, view: Card, content: bytes, name: str) -> None:
    view.container.add_item(ui.File(f"attachment://{name}"))
    await send_card(interaction, view, file=discord.File(io.BytesIO(content), filename=name))


ITEMS = (ServerTemplate, ServerListFile, AskTakeDown, TakeDown, KeepList)
