"""``/broadcast matchweek``: the week's notices with the season's times, read, edited and planned in one go."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.domain.broadcast import NOT_YET, Broadcast, BroadcastState
from bot.domain.matchweek import DraftNotice, Moment, NoticeKind
from bot.domain.member import Country
from bot.domain.servers import Deed, ServerSettings
from bot.errors import UserFacingError
from bot.services.bundle import Services
from bot.services.season import ORGANISER
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card, shortened
from cogs._ui.channels import require_room
from cogs._ui.staff import require_moderator
from cogs._ui.times import on_clock
from cogs.broadcast._draft import preview_card

SHOWN = 25
NO_CHANNEL = UserFacingError("I don't know where the notices go.", "Choose the channel of notices in /server setup; then press this again.")
CANNOT_PLAN = {
    Moment.MISSED: "its time has passed; /broadcast new can still say it",
    Moment.PASSED: "it is over",
    Moment.NOT_KNOWN: "its date is not known yet",
}


class PreparePack(Action, prefix="pack:prepare"):
    """Make drafts of every notice whose time lies ahead; the key is the country."""

    async def act(self, interaction: Interaction) -> None:
        """Make them, and show them to be read and changed."""
        services, guild = await require_moderator(interaction)
        settings = await services.servers.get(guild.id)
        if settings.notice_channel_id is None:
            raise UserFacingError(
                "I don't know where the notices go.", "Choose the channel of notices with /server setup; then press this again."
            )
        require_room(guild, settings.notice_channel_id)
        await interaction.response.defer()
        await services.match_week.prepare(guild.id, interaction.user.id, settings, Country(self.key))
        await send_card(interaction, await pack_card(services, settings, Country(self.key)), edit=True)


class OpenDraft(Choice, prefix="pack:open"):
    """Read one of the drafts."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it as it will be, apart from the list: it can be changed or discarded there."""
        services, guild = await require_moderator(interaction)
        await send_card(interaction, await preview_card(interaction, await services.broadcasts.get(values[0], guild.id)))


class PlanPack(Action, prefix="pack:plan"):
    """Plan every draft of the pack; the key is the country."""

    async def act(self, interaction: Interaction) -> None:
        """Plan them, or ask a second moderator about each where the server wants that; say what became of them."""
        services, guild = await require_moderator(interaction)
        settings = await services.servers.get(guild.id)
        await interaction.response.defer()
        for draft in await services.match_week.drafts(guild.id, Country(self.key)):
            if settings.is_approved_by_two:
                await services.broadcasts.ask_approval(draft.id, guild.id)
            else:
                await services.broadcasts.confirm(draft.id, guild.id)
                detail = {"notice": draft.title, "id": draft.id}
                await services.servers.note(guild.id, interaction.user.id, Deed.NOTICE_CONFIRMED, detail)
        await send_card(interaction, await pack_card(services, settings, Country(self.key)), edit=True)


class ShowPack(Action, prefix="pack:show"):
    """Show the pack of the country in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Show it, in place."""
        services, guild = await require_moderator(interaction)
        await send_card(interaction, await pack_card(services, await services.servers.get(guild.id), Country(self.key)), edit=True)


async def pack_card(services: Services, settings: ServerSettings, country: Country) -> Card:
    """Return the pack: each notice with its time, how sure that is, and whether it is drafted or planned."""
    pack = services.match_week.pack(settings, country)
    kept = await services.match_week.notices(settings.guild_id)
    by_key = {each.pack_key: each for each in kept}
    drafts = services.match_week.drafts_among(kept, country)
    lines = [_line(draft, by_key.get(draft.key), settings) for draft in pack]
    changed = services.match_week.changed(kept)
    ask = [
        f"**{each.title}**: its date has changed since it was written. Stop it, or let it go on, in /broadcast status." for each in changed
    ]
    here = [each for each in pack if each.kind is not NoticeKind.CELEBRATION or settings.celebration_channel_id]
    return card(
        f"Match week {services.season.current_year()}: the notices",
        "\n".join(ask),
        "\n".join(lines) or "No notice is held for this season.",
        meaning=Meaning.ATTENTION if drafts or ask else Meaning.FACT,
        rows=_rows(here, drafts, by_key, country),
        quiet="Read each before you plan it. Celebration goes to the channel of /server setup alone, and not at all without one. "
        "One whose date moves is held back until you have looked at it. Drafts are kept for a day.",
    )


def _line(draft: DraftNotice, kept: Broadcast | None, settings: ServerSettings) -> str:
    when = on_clock(draft.at, ORGANISER.key) if draft.at else "no time"
    state = "" if draft.can_be_scheduled else f": {CANNOT_PLAN[draft.moment]}"
    if draft.kind is NoticeKind.CELEBRATION and settings.celebration_channel_id is None:
        state = ": no channel for it"
    if kept is not None:
        state = f": **{'draft' if kept.state in NOT_YET else 'planned' if kept.state is BroadcastState.CONFIRMED else kept.state.value}**"
    return f"- {when}, {draft.certainty}: {draft.title}{state}"


def _rows(
    pack: Sequence[DraftNotice], drafts: Sequence[Broadcast], by_key: dict[str, Broadcast], country: Country
) -> list[list[ui.Item[Any]]]:
    other = Country.CANADA if country is Country.UNITED_STATES else Country.UNITED_STATES
    buttons: list[ui.Item[Any]] = []
    if drafts:
        buttons.append(PlanPack(country.value, label=f"Plan all {len(drafts)}", style=discord.ButtonStyle.primary))
    missing = [each for each in pack if each.can_be_scheduled and each.key not in by_key]
    if missing:
        buttons.append(PreparePack(country.value, label="Write the drafts" if not drafts else "Write the missing ones"))
    buttons += [
        ShowPack(country.value, label="Look again"),
        ShowPack(other.value, label="Canada" if other is Country.CANADA else "United States"),
    ]
    rows: list[list[ui.Item[Any]]] = [buttons]
    if drafts:
        options = [discord.SelectOption(label=shortened(each.title, 100), value=each.id) for each in drafts[:SHOWN]]
        rows.append([OpenDraft(options=options, placeholder="Read one, change it, or leave it out")])
    return rows


ITEMS = (PreparePack, OpenDraft, PlanPack, ShowPack)
