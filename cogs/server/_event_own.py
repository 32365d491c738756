"""An event of the server's own: written in a form, read back, made, changed."""

from typing import Any

import discord
from discord import ui

from bot.domain.server_events import MAX_NAME, MAX_PLACE, MAX_WORDS, EventState, EventWords, ServerEvent
from bot.domain.servers import Deed
from bot.errors import UserFacingError
from bot.services.bundle import Services
from bot.services.event_words import LENGTH_EXAMPLE, MAX_TYPED, WHEN_EXAMPLE, read_words
from bot.services.season import ORGANISER
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, Meaning, card, plain, send_card
from cogs._ui.forms import Form
from cogs._ui.times import clock_now, on_clock
from cogs.server._event_words import HOW_TO_ALLOW, face_times, may_create
from cogs.server._events import ShowEvents, event_card, managed, note_deed, require_creator

VOICE = (discord.ChannelType.voice,)


class OwnForm(Form):
    """Ask for an event in the server's own words; what can't be read is kept, so that nothing is lost."""

    def __init__(self, services: Services, before: EventWords | None, zone: str, draft_id: str = "", replaces: str = "") -> None:
        super().__init__("An event of this server")
        self._services, self._draft_id, self._replaces, self._zone = services, draft_id, replaces, zone
        self.name: ui.TextInput[Any] = ui.TextInput(max_length=MAX_NAME, default=_given(before and before.title))
        self.ask("Title", self.name)
        self.when: ui.TextInput[Any] = ui.TextInput(max_length=MAX_TYPED, placeholder=WHEN_EXAMPLE, default=_given(before and before.when))
        now = services.clock.now()
        self.ask("When it begins", self.when, f"On the clock of {zone}, where it is {clock_now(now, zone)}, unless you name a zone."[:100])
        self.length: ui.TextInput[Any] = ui.TextInput(max_length=MAX_TYPED, default=before.length if before else LENGTH_EXAMPLE)
        self.ask("How long it lasts", self.length, "Such as 90 min, 2 hours or 1 day.")
        self.place: ui.TextInput[Any] = ui.TextInput(max_length=MAX_PLACE, required=False, default=_given(before and before.place))
        self.ask("Place", self.place, "An address or a few words. A voice channel can be chosen in the next step.")
        self.description: ui.TextInput[Any] = ui.TextInput(
            max_length=MAX_WORDS, required=False, style=discord.TextStyle.paragraph, default=_given(before and before.description)
        )
        self.ask("Description", self.description, "Everybody in this server sees it.")

    async def submitted(self, interaction: Interaction) -> None:
        """Keep what was written, and read it back; where it can't be read, say why and offer the form again as it was."""
        guild, services = managed(interaction)
        typed = (self.name.value, self.when.value, self.length.value, self.place.value, self.description.value)
        words = EventWords(*typed, zone=self._zone, replaces=self._replaces)
        before = await services.server_events.find(self._replaces) if self._replaces and not self._draft_id else None
        draft = await services.server_events.draft(guild.id, interaction.user.id, words, self._draft_id or None)
        if before is not None and before.guild_id == guild.id and before.channel_id is not None:
            draft = await services.server_events.set_place(draft.id, guild.id, before.channel_id)
        await send_card(interaction, draft_card(services, guild, draft), edit=interaction.message is not None)


def _given(text: str | None) -> str | None:
    return text or None


def draft_card(services: Services, guild: discord.Guild, draft: ServerEvent) -> Card:
    """Return what was written as it was understood, or why it can't be read."""
    assert draft.words is not None  # noqa: S101 - a draft is somebody's words
    words, face = draft.words, services.server_events.face(draft)
    change = ChangeOwn(draft.id, label="Change", style=discord.ButtonStyle.primary if face is None else discord.ButtonStyle.secondary)
    discard = DiscardOwn(draft.id, label="Discard")
    refusal = read_words(words, services.clock.now()).refusal
    if face is None or refusal is not None:
        what, to_do = (refusal.what_happened, refusal.what_to_do) if refusal else ("Its time can't be read.", "Press Change.")
        quiet = "What you typed is kept for a day, for you alone. Nobody has seen it."
        return card(
            what, f"{to_do} Press Change: the form opens as it was.", meaning=Meaning.ATTENTION, rows=[[change, discard]], quiet=quiet
        )
    label = "Keep the change" if words.replaces else "Make the event"
    where = f"<#{draft.channel_id}>" if draft.channel_id else plain(face.place)
    description = "\n".join(f"> {plain(line)}" for line in words.description.splitlines())
    return card(
        "How it will look",
        f"**{plain(words.title)}**\n{on_clock(face.starts, words.zone)}\nIn Discord {face_times(face)}\nPlace: {where}",
        description,
        "" if may_create(guild) else HOW_TO_ALLOW,
        meaning=Meaning.FACT if may_create(guild) else Meaning.ATTENTION,
        rows=[
            [
                ConfirmOwn(draft.id, label=label, style=discord.ButtonStyle.success),
                PlaceOwn(draft.id, label="Voice channel"),
                change,
                discard,
            ]
        ],
        quiet=f'"{plain(words.when)}" was read on the clock of {words.zone}. Nobody has seen it yet; it is kept for a day.',
    )


async def _zone_of(interaction: Interaction) -> str:
    guild, services = managed(interaction)
    return (await services.servers.get(guild.id)).zone or ORGANISER.key


class WriteOwn(Action, prefix="server:event_write"):
    """Open the form of an event of the server's own."""

    async def act(self, interaction: Interaction) -> None:
        """Open it, empty."""
        _, services = managed(interaction)
        await interaction.response.send_modal(OwnForm(services, None, await _zone_of(interaction)))


class ChangeOwn(Action, prefix="server:event_edit"):
    """Open the form of the event or draft in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Open it as it was filled in."""
        guild, services = managed(interaction)
        event = await services.server_events.get(self.key, guild.id)
        if event.words is None:
            raise UserFacingError("What it says comes from the calendar.", "/server calendar corrects its date for this server.")
        is_draft = event.state is EventState.DRAFT
        replaces = event.words.replaces if is_draft else event.id
        form = OwnForm(services, event.words, event.words.zone, event.id if is_draft else "", replaces)
        await interaction.response.send_modal(form)


class ConfirmOwn(Action, prefix="server:event_own"):
    """Make what was drafted under the key, or change the event that it replaces."""

    async def act(self, interaction: Interaction) -> None:
        """Do it, and show what came of it."""
        guild, services = managed(interaction)
        require_creator(guild)
        await interaction.response.defer()
        draft = await services.server_events.get(self.key, guild.id)
        changes = draft.words is not None and bool(draft.words.replaces)
        event = await services.server_events.confirm(self.key, guild.id)
        await note_deed(interaction, event, Deed.EVENT_CHANGED if changes else Deed.EVENT_MADE)
        await send_card(interaction, event_card(services, event, done=True), edit=True)


class DiscardOwn(Action, prefix="server:event_drop"):
    """Throw the draft in the key away."""

    async def act(self, interaction: Interaction) -> None:
        """Throw it away."""
        guild, services = managed(interaction)
        await services.server_events.discard(self.key, guild.id)
        view = card("Discarded", "Nobody has seen it.", meaning=Meaning.DONE, rows=[[ShowEvents(label="Back")]])
        await send_card(interaction, view, edit=True)


class PlaceOwn(Action, prefix="server:event_voice"):
    """Choose the voice channel of the draft in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Open the form of the channel."""
        guild, services = managed(interaction)
        draft = await services.server_events.get(self.key, guild.id)
        await interaction.response.send_modal(VoiceForm(services, draft))


class VoiceForm(Form):
    """Ask for a voice channel, which may be left empty."""

    def __init__(self, services: Services, draft: ServerEvent) -> None:
        super().__init__("Where it takes place")
        self._services, self._draft = services, draft
        kind = discord.SelectDefaultValueType.channel
        here = [discord.SelectDefaultValue(id=draft.channel_id, type=kind)] if draft.channel_id else []
        self.channel: ui.ChannelSelect[Any] = ui.ChannelSelect(channel_types=list(VOICE), default_values=here, required=False, min_values=0)
        self.ask("Voice channel", self.channel, "Left empty: it takes place where you wrote.")

    async def submitted(self, interaction: Interaction) -> None:
        """Keep the choice where the bot can reach the channel, and read the event back."""
        guild, services = managed(interaction)
        chosen = self.channel.values[0].id if self.channel.values else None
        channel = guild.get_channel(chosen) if chosen else None
        if chosen and channel is None:
            raise UserFacingError(
                "I can't see that channel.", "Channel settings, Permissions, add Matchday, allow View Channel and Connect."
            )
        if channel is not None and not channel.permissions_for(guild.me).is_superset(discord.Permissions(view_channel=True, connect=True)):
            raise UserFacingError(
                "I can't hold an event in that channel.", "Channel settings, Permissions, add Matchday, allow View Channel and Connect."
            )
        draft = await services.server_events.set_place(self._draft.id, guild.id, chosen)
        await send_card(interaction, draft_card(services, guild, draft), edit=interaction.message is not None)


ITEMS = (WriteOwn, ChangeOwn, ConfirmOwn, DiscardOwn, PlaceOwn)
