"""``/server events``: which dates have a scheduled event in this server, made, looked at and taken down by taps."""

from typing import Any

import discord
from discord import ui

from bot.domain.calendar import SeasonEvent
from bot.domain.server_event_words import season_face
from bot.domain.server_events import EventState, ServerEvent
from bot.domain.servers import Deed
from bot.errors import UserFacingError
from bot.services.bundle import Services
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, plain, send_card, shortened
from cogs._ui.sources import CERTAINTY_WORDS
from cogs._ui.staff import require_manager
from cogs._ui.times import on_clock, stamp, two_clocks
from cogs.countdown._views import label_of
from cogs.server._event_posts import note_deleted
from cogs.server._event_requests import list_events
from cogs.server._event_words import HOW_TO_ALLOW, face_times, may_create, name_of, quoted, state_words

MOST_OPTIONS = 25
MOST_LINES = 15
SAMPLE = "0" * 16
"""Stands for the mark of an event that is not made yet."""


async def list_card(interaction: Interaction, done: str = "") -> Card:
    """Return the events of a server and what can be made; what was deleted in Discord is seen first."""
    guild, services = managed(interaction)
    events = await services.server_events.of_server(guild.id)
    if events and await _saw_deleted(interaction, guild.id):
        events = await services.server_events.of_server(guild.id)
    offered = services.server_events.offered(guild.id, events)
    lines = [_line(services, event) for event in events]
    more = len(lines) - MOST_LINES
    there = "\n".join(lines[:MOST_LINES]) + (f"\n- and {more} more, in the list below" if more > 0 else "")
    return card(
        "Scheduled events of this server",
        done,
        "" if may_create(guild) else HOW_TO_ALLOW,
        there or "None yet. Make one of Match Day, of another date of the season, or of your own; you see it before anybody else does.",
        _offered_line(offered),
        meaning=Meaning.DONE if done else Meaning.FACT if may_create(guild) else Meaning.ATTENTION,
        rows=_rows(services, events, offered),
        quiet="Discord lists them under Events, above the channels. Where a date moves or is announced, its event follows; "
        "where it is not announced, its name says so.",
    )


def _rows(services: Services, events: list[ServerEvent], offered: list[SeasonEvent]) -> list[list[ui.Item[Any]]]:
    first = offered[0] if offered and offered[0].key in ("match-day", "carms-match-day") else None
    buttons: list[ui.Item[Any]] = []
    if first is not None:
        buttons.append(PreviewDate(first.id, label="Match Day", style=discord.ButtonStyle.primary))
    from cogs.server._event_own import WriteOwn

    buttons += [WriteOwn(label="An event of our own"), ShowEvents(label="Look again")]
    rows: list[list[ui.Item[Any]]] = [buttons]
    if offered:
        options = [
            discord.SelectOption(label=shortened(label_of(each), 100), value=each.id, description=CERTAINTY_WORDS[each.citation.certainty])
            for each in offered[:MOST_OPTIONS]
        ]
        rows.append([ChooseDate(options=options, placeholder="Make an event of a date")])
    if events:
        chosen = [discord.SelectOption(label=shortened(_label(services, each), 100), value=each.id) for each in events[:MOST_OPTIONS]]
        rows.append([ChooseEvent(options=chosen, placeholder="Look at one, change it, take it down")])
    return rows


def _label(services: Services, event: ServerEvent) -> str:
    face = services.server_events.face(event)
    return event.words.title if event.words is not None else face.name if face else name_of(services, event)


def _line(services: Services, event: ServerEvent) -> str:
    face = services.server_events.face(event)
    when = f" · {stamp(face.starts, 'f')}" if face else ""
    return f"- **{shortened(name_of(services, event), 120)}**{when}\n  {state_words(services, event)}"


def _offered_line(offered: list[SeasonEvent]) -> str:
    if not offered:
        return "Every date of this season that is known and lies ahead has its event."
    without = "1 date ahead has no event yet" if len(offered) == 1 else f"{len(offered)} dates ahead have no event yet"
    return f"{without}{f'; the next {MOST_OPTIONS} are offered' if len(offered) > MOST_OPTIONS else ''}."


async def _saw_deleted(interaction: Interaction, guild_id: int) -> bool:
    """Note what was deleted in Discord; where Discord can't be asked now, what is known is shown."""
    try:
        shown = await list_events(interaction.client, guild_id)
    except discord.HTTPException:
        return False
    await note_deleted(interaction.client.services.server_events, guild_id, {each.id for each in shown if each.is_open})
    return True


def managed(interaction: Interaction) -> tuple[discord.Guild, Services]:
    """Return the server that the one who acts manages; raise UserFacingError where she doesn't."""
    require_manager(interaction)
    if interaction.guild is None:
        raise UserFacingError("A server's events are made in the server.", "Use /server events there.")
    return interaction.guild, interaction.client.services


def require_creator(guild: discord.Guild) -> None:
    """Raise UserFacingError where the bot may not make events, before anyone waits for one."""
    if not may_create(guild):
        raise UserFacingError("I may not make scheduled events in this server.", HOW_TO_ALLOW.partition(": ")[2])


# --- one date that has no event yet


async def preview_card(interaction: Interaction, event_id: str) -> Card:
    """Return how the event of a date would look, before anybody else sees it."""
    guild, services = managed(interaction)
    date = services.server_events.date(guild.id, event_id)
    face = season_face(date, SAMPLE)
    assert face is not None  # noqa: S101 - only dates that are known are offered
    zone = (await services.members.get(interaction.user.id)).zone
    return card(
        "How it will look",
        f"**{face.name}**\n{two_clocks(date, zone)}\nIn Discord {face_times(face)}\nPlace: {plain(face.place)}",
        quoted(face),
        "" if may_create(guild) else HOW_TO_ALLOW,
        meaning=Meaning.FACT if may_create(guild) else Meaning.ATTENTION,
        rows=[[MakeDate(date.id, label="Make the event", style=discord.ButtonStyle.success), ShowEvents(label="Back")]],
        quiet="Nobody has seen it yet. The last line of the description gets a mark by which I find the event again.",
    )


class PreviewDate(Action, prefix="server:event_of"):
    """Show how the event of the date in the key would look."""

    async def act(self, interaction: Interaction) -> None:
        """Show it, in place."""
        await send_card(interaction, await preview_card(interaction, self.key), edit=True)


class ChooseDate(Choice, prefix="server:event_date"):
    """Choose the date of which an event is to be made."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show how it would look, in place."""
        await send_card(interaction, await preview_card(interaction, values[0] if values else ""), edit=True)


class MakeDate(Action, prefix="server:event_make"):
    """Make the event of the date in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Make it, and show what came of it."""
        guild, services = managed(interaction)
        require_creator(guild)
        await interaction.response.defer()
        event = await services.server_events.make(guild.id, self.key, interaction.user.id)
        await note_deed(interaction, event, Deed.EVENT_MADE)
        await send_card(interaction, event_card(services, event, done=True), edit=True)


# --- one event that is kept


def event_card(services: Services, event: ServerEvent, *, done: bool = False) -> Card:
    """Return one event as it stands, with what can be done."""
    face = services.server_events.face(event)
    lines = [f"**{name_of(services, event)}**"]
    if face is not None:
        if event.words is not None:
            lines.append(on_clock(face.starts, event.words.zone))
        where = f"<#{face.channel_id}>" if face.channel_id else plain(face.place)
        lines += [f"In Discord {face_times(face)}", f"Place: {where}"]
    is_well = event.state is EventState.STANDING and event.trouble is None
    return card(
        "The event stands" if done and is_well else "A scheduled event",
        "\n".join(lines),
        state_words(services, event),
        quoted(face) if face is not None else "",
        meaning=Meaning.ATTENTION if not is_well else Meaning.DONE if done else Meaning.FACT,
        rows=[_buttons(event)],
        quiet="Who changed what stands in /server audit. Events that others made are left alone.",
    )


def _buttons(event: ServerEvent) -> list[ui.Item[Any]]:
    buttons: list[ui.Item[Any]] = []
    if event.state is EventState.GONE:
        buttons.append(TryAgain(event.id, label="Make it again", style=discord.ButtonStyle.primary))
    elif event.trouble is not None:
        buttons.append(TryAgain(event.id, label="Try again", style=discord.ButtonStyle.primary))
    if event.words is not None and event.state in (EventState.STANDING, EventState.PLANNED):
        from cogs.server._event_own import ChangeOwn

        buttons.append(ChangeOwn(event.id, label="Change"))
    if event.state is EventState.GONE:
        buttons.append(TakeDown(event.id, label="Forget it"))
    elif event.state is not EventState.ENDING:
        buttons.append(AskTakeDown(event.id, label="Take it down"))
    return [*buttons, ShowEvents(label="Back")]


class ShowEvents(Action, prefix="server:events"):
    """Show the events of the server."""

    async def act(self, interaction: Interaction) -> None:
        """Show them, in place."""
        managed(interaction)
        await interaction.response.defer()
        await send_card(interaction, await list_card(interaction), edit=True)


class ChooseEvent(Choice, prefix="server:event_see"):
    """Choose an event to look at."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it, in place."""
        guild, services = managed(interaction)
        event = await services.server_events.get(values[0] if values else "", guild.id)
        await send_card(interaction, event_card(services, event), edit=True)


class TryAgain(Action, prefix="server:event_again"):
    """Ask Discord once more for the event in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Ask, and show what came of it."""
        guild, services = managed(interaction)
        require_creator(guild)
        await interaction.response.defer()
        event = await services.server_events.try_again(self.key, guild.id)
        if await services.server_events.find(self.key) is None:
            await send_card(interaction, await list_card(interaction, f"**Taken down:** {name_of(services, event)}."), edit=True)
            return
        await note_deed(interaction, event, Deed.EVENT_MADE_AGAIN)
        await send_card(interaction, event_card(services, event, done=True), edit=True)


class AskTakeDown(Action, prefix="server:event_down"):
    """Ask whether the event in the key is to be taken down."""

    async def act(self, interaction: Interaction) -> None:
        """Say what that means."""
        guild, services = managed(interaction)
        event = await services.server_events.get(self.key, guild.id)
        view = card(
            "Take it down?",
            f"**{name_of(services, event)}** is deleted in Discord, with the list of those who are interested. It can be made anew.",
            meaning=Meaning.ATTENTION,
            rows=[[TakeDown(event.id, label="Take it down", style=discord.ButtonStyle.danger), ShowEvents(label="Keep it")]],
        )
        await send_card(interaction, view, edit=True)


class TakeDown(Action, prefix="server:event_end"):
    """Take the event in the key down."""

    async def act(self, interaction: Interaction) -> None:
        """Take it down, and show what is left."""
        guild, services = managed(interaction)
        await interaction.response.defer()
        before = await services.server_events.get(self.key, guild.id)
        left = await services.server_events.take_down(self.key, guild.id)
        await note_deed(interaction, before, Deed.EVENT_TAKEN_DOWN)
        if left is not None:
            await send_card(interaction, event_card(services, left), edit=True)
            return
        done = f"**Taken down:** {name_of(services, before)}."
        await send_card(interaction, await list_card(interaction, done), edit=True)


async def note_deed(interaction: Interaction, event: ServerEvent, deed: Deed) -> None:
    """Record in the server's audit who did what to which event."""
    guild, services = managed(interaction)
    face = services.server_events.face(event)
    when = f", {on_clock(face.starts, 'America/New_York')}" if face else ""
    name = event.words.title if event.words is not None else face.name if face else event.event_id or ""
    await services.servers.note(guild.id, interaction.user.id, deed, {"event": f"{name}{when}"})


ITEMS = (PreviewDate, ChooseDate, MakeDate, ShowEvents, ChooseEvent, TryAgain, AskTakeDown, TakeDown)
