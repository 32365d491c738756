"""What is stored of a member, shown, handed over and erased: cards and their buttons."""

import io
from datetime import date

import discord
from discord import ui

from bot.domain.member import Member
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card
from cogs._ui.expiry import day_in_words
from cogs._ui.times import stamp
from cogs._ui.words import NOT_SET, countries_in_words, messages_in_words, year_in_words
from cogs.mydata._words import (
    ERASE_GOES,
    ERASE_STAYS,
    ERASED,
    ERASED_HINT,
    HOW_LONG,
    KEPT,
    NOT_STORED,
    NOTHING,
    STORED,
    WHERE,
    counts_in_words,
)


class ShowData(Action, prefix="mydata:show"):
    """Show what is stored, from another card."""

    async def act(self, interaction: Interaction) -> None:
        """Show it."""
        await send_card(interaction, await stored_card(interaction.client.services, interaction.user.id))


class ExportData(Action, prefix="mydata:export"):
    """Hand over what is stored, from another card."""

    async def act(self, interaction: Interaction) -> None:
        """Send the file."""
        await send_export(interaction)


class AskErase(Action, prefix="mydata:ask"):
    """Say what erasing means, from another card."""

    async def act(self, interaction: Interaction) -> None:
        """Ask before anything goes."""
        await send_card(interaction, await erase_card(interaction.client.services, interaction.user.id))


class EraseAll(Action, prefix="mydata:erase"):
    """Erase all that is stored of the one who clicks."""

    async def act(self, interaction: Interaction) -> None:
        """Erase it, and say what went; a second click finds nothing and says the same."""
        await interaction.response.defer()
        counts = await interaction.client.services.mydata.erase(interaction.user.id)
        gone = f"Gone: {counts_in_words(counts)}." if any(counts.values()) else NOTHING
        await send_card(interaction, card("Erased", ERASED, gone, meaning=Meaning.DONE, quiet=ERASED_HINT), edit=True)


class KeepAll(Action, prefix="mydata:keep"):
    """Leave everything as it is."""

    async def act(self, interaction: Interaction) -> None:
        """Say so."""
        view = card("Kept", KEPT, meaning=Meaning.DONE, quiet="/mydata show lists what is stored.")
        await send_card(interaction, view, edit=True)


async def send_export(interaction: Interaction) -> None:
    """Send all that is stored of the one who asks, as a JSON file that only she sees."""
    services: Services = interaction.client.services
    await interaction.response.defer(ephemeral=True, thinking=True)
    data = await services.mydata.export(interaction.user.id)
    name = f"matchday-{services.clock.now():%Y-%m-%d}.json"
    view = card(
        "Your data",
        "All that is stored of you is in this file, in readable form. Times are in UTC.",
        meaning=Meaning.YOURS,
        quiet="The file is JSON, which every text editor opens. Only you can see this message.",
    )
    view.container.add_item(ui.File(f"attachment://{name}"))
    await send_card(interaction, view, file=discord.File(io.BytesIO(data), filename=name))


async def stored_card(services: Services, member_id: int) -> Card:
    """Return what is stored of a member, in words and numbers."""
    counts = await services.mydata.summary(member_id)
    if not any(counts.values()):
        return card("Your data", NOTHING, f"**What could be:** {STORED}", f"**What never is:** {NOT_STORED}", meaning=Meaning.YOURS)
    member = await services.members.get(member_id)
    return card(
        "Your data",
        f"**Stored of you:** {counts_in_words(counts)}.\n{_settings(member)}{_lasts(await services.retention.last_day(member_id))}",
        f"**What it is:** {STORED} {NOT_STORED}",
        f"**Where:** {WHERE}",
        f"**How long:** {HOW_LONG}",
        meaning=Meaning.YOURS,
        rows=[[ExportData(label="Export as a file"), AskErase(label="Erase")]],
        quiet="/start changes the settings; /remind list shows the reminders.",
    )


def _settings(member: Member) -> str:
    lines = [
        f"- Time zone: {member.zone or NOT_SET}",
        f"- You apply in: {countries_in_words(member)}",
        f"- You aim at: {year_in_words(member)}",
        f"- Direct messages: {messages_in_words(member)}",
    ]
    if member.consented_at is not None:
        lines.append(f"- Agreed to them: {stamp(member.consented_at, 'D')}")
    lines.append(f"- First stored: {stamp(member.created_at, 'D')}")
    return "\n".join(lines)


def _lasts(last: date | None) -> str:
    return f"\n- Kept until: {day_in_words(last)}; then I ask before anything is erased" if last is not None else ""


async def erase_card(services: Services, member_id: int) -> Card:
    """Return what erasing means for a member, with the two buttons."""
    counts = await services.mydata.summary(member_id)
    stored = f"Stored now: {counts_in_words(counts)}." if any(counts.values()) else NOTHING
    return card(
        "Erase your data",
        ERASE_GOES,
        stored,
        ERASE_STAYS,
        meaning=Meaning.ATTENTION,
        rows=[[EraseAll(label="Erase everything", style=discord.ButtonStyle.danger), KeepAll(label="Keep")]],
        quiet="There is no way back. To have a copy first, use /mydata export.",
    )
