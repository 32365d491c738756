"""A notice before it is sent: its form, the preview, and what can be chosen beside it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import discord
from discord import ui

from bot.domain.broadcast import MAX_TEXT, MAX_TITLE, NOT_YET, Broadcast, BroadcastState
from bot.domain.calendar import SeasonEvent, WallTime
from bot.domain.servers import Deed, Feature, ServerSettings
from bot.domain.when import BeforeEvent, NotUnderstood, Understood, parse_when
from bot.errors import UserFacingError
from bot.services.broadcasts import SENT_ALREADY
from bot.services.bundle import Services
from bot.services.season import ORGANISER
from bot.services.written_notices import MAX_ADDRESS, MOST_CHANNELS, MOST_ROLES, Written, split_addresses
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import MAX_TEXT as MAX_CARD_TEXT
from cogs._ui.cards import WAITING, Card, Meaning, card, plain, send_card
from cogs._ui.channels import require_room
from cogs._ui.features import require_feature
from cogs._ui.forms import Form
from cogs._ui.roles import role_options
from cogs._ui.staff import require_moderator
from cogs._ui.times import on_clock, organisers_clock, stamp
from cogs.broadcast._guard import guard_lines
from cogs.broadcast._posting import posted_text
from cogs.broadcast._status import status_card

MENTIONS = ("@everyone", "@here", "<@")
WRITABLE = [discord.ChannelType.text, discord.ChannelType.news]
ROUNDS = ("soap-round-1", "soap-round-2", "soap-round-3", "soap-round-4")
MOMENTS = ("match-status", "soap-opens", "soap-review", *ROUNDS, "soap-ends", "match-day")
"""The moments of Match week, by the keys of their events."""
REQUESTS_EACH = 2
"""To send to a member it is asked first whether she is still in the server."""


NOT_TO_MEMBERS = UserFacingError(
    "This server has switched notices by direct message off.",
    "Press Change and choose a channel, then Not by direct message; or ask a manager to switch them on in /server setup.",
)


class NewNotice(Form):
    """Ask for channels, title, text, addresses and time; with a draft, change that one."""

    def __init__(
        self,
        services: Services,
        interaction: Interaction,
        settings: ServerSettings,
        draft: Broadcast | None = None,
        *,
        is_correction: bool = False,
    ) -> None:
        super().__init__("A correction" if is_correction else "A notice")
        self._services = services
        self._draft = None if is_correction else draft
        chosen = draft.channels if draft else (settings.notice_channel_id or interaction.channel_id or 0,)
        kind = discord.SelectDefaultValueType.channel
        here = [discord.SelectDefaultValue(id=each, type=kind) for each in chosen if can_stand(interaction, each)]
        self.channel: ui.ChannelSelect[Any] = ui.ChannelSelect(
            channel_types=WRITABLE, default_values=here, required=False, min_values=0, max_values=MOST_CHANNELS
        )
        self.headline: ui.TextInput[Any] = ui.TextInput(max_length=MAX_TITLE, default=draft.title if draft else None)
        self.body: ui.TextInput[Any] = ui.TextInput(
            style=discord.TextStyle.paragraph, max_length=MAX_TEXT, default=draft.text if draft else None
        )
        addresses = " ".join(filter(None, (draft.link, draft.picture))) if draft else ""
        self.addresses: ui.TextInput[Any] = ui.TextInput(required=False, max_length=2 * MAX_ADDRESS + 1, default=addresses or None)
        zone = settings.zone or ORGANISER.key
        at = f"{draft.send_at.astimezone(ORGANISER):%Y-%m-%d %H:%M} ET" if draft and draft.send_at else None
        self.when: ui.TextInput[Any] = ui.TextInput(required=False, max_length=60, default=at, placeholder="Mar 15 10:00 ET")
        self.ask("Channel", self.channel, "You see the notice first; nothing is sent yet.")
        self.ask("Title", self.headline)
        self.ask("Text", self.body, "Nobody is mentioned, whatever it says.")
        self.ask("Link and picture", self.addresses, "Optional: https addresses, of one picture at most.")
        self.ask("When", self.when, f"Empty: at once, when you press Send. Else on the clock of {zone}.")

    async def submitted(self, interaction: Interaction) -> None:
        """Keep a draft, and show it as it will be; what was changed takes the place of the preview before."""
        services, guild = await require_moderator(interaction)
        is_change = self._draft is not None
        await interaction.response.defer(ephemeral=True, thinking=not is_change)
        channels = list(self.channel.values)
        for target in channels:
            if not target.permissions.send_messages:
                raise UserFacingError("You can't write in that channel yourself.", "Choose a channel that you can write in.")
            require_room(guild, target.id)
        zone = (await services.servers.get(guild.id)).zone or ORGANISER.key
        problems: list[str] = []
        before = self._draft
        written = Written(self.headline.value, self.body.value, tuple(target.id for target in channels))
        if before is not None:
            kept = {"pack_key": before.pack_key, "dates": before.dates}
            written = replace(written, is_to_members=before.is_to_members, roles=before.roles, **kept)
        if not written.channels:
            written = replace(written, is_to_members=True)
        try:
            written = replace(written, send_at=self._time(services.clock.now(), zone))
        except UserFacingError as error:
            problems.append(f"**When:** {plain(self.when.value)}. {error}")
        link, picture = self._addresses(problems)
        written = replace(written, link=link, picture=picture)
        draft = await self._kept(guild.id, interaction.user.id, written, problems)
        await send_card(interaction, await preview_card(interaction, draft, problems), edit=is_change)

    def _time(self, now: datetime, zone: str) -> datetime | None:
        if not self.when.value.strip():
            return None
        found = parse_when(self.when.value, now=now, zone=zone)
        if isinstance(found, Understood) and found.recurrence is None:
            return found.instant
        if isinstance(found, NotUnderstood):
            raise UserFacingError("I can't read that time.", found.hint)
        if isinstance(found, Understood | BeforeEvent):
            raise UserFacingError("A notice goes out once, at a time of the clock.", "Write it like Mar 15 10:00 ET.")
        readings = " or ".join(on_clock(each.instant, zone) for each in found.options)
        raise UserFacingError("That can be read in more than one way.", f"It may be {readings}: write the month in letters.")

    def _addresses(self, problems: list[str]) -> tuple[str, str]:
        try:
            return split_addresses(self.addresses.value)
        except UserFacingError as error:
            problems.append(f"**Link and picture:** {error}")
            return "", ""

    async def _kept(self, guild_id: int, author_id: int, written: Written, problems: list[str]) -> Broadcast:
        """Keep what was written; where an address or the time can't be taken, without it, so that the text is not lost."""
        instead_of = self._draft.id if self._draft else None
        try:
            return await self._services.broadcasts.draft(guild_id, author_id, written, instead_of=instead_of)
        except UserFacingError as error:
            bare = replace(written, link="", picture="", send_at=None)
            if bare == written:
                raise
            problems.append(str(error))
            return await self._services.broadcasts.draft(guild_id, author_id, bare, instead_of=instead_of)


def can_stand(interaction: Interaction, channel_id: int) -> bool:
    """Tell whether a notice can stand in a channel of the server."""
    channel = interaction.guild.get_channel(channel_id) if interaction.guild else None
    return channel is not None and channel.type in WRITABLE


class SendNotice(Action, prefix="broadcast:send"):
    """Send the draft in the key, or ask a second moderator where the server wants that."""

    async def act(self, interaction: Interaction) -> None:
        """Send it, and say what became of it, in place of the preview."""
        services, guild = await require_moderator(interaction)
        await interaction.response.defer()
        broadcast = await services.broadcasts.get(self.key, guild.id)
        if broadcast.state is BroadcastState.DRAFT:
            for channel_id in broadcast.channels:
                require_room(guild, channel_id)
            settings = await services.servers.get(guild.id)
            _require_way(broadcast, settings)
            if settings.is_approved_by_two:
                waiting = await services.broadcasts.ask_approval(self.key, guild.id)
                await send_card(interaction, await preview_card(interaction, waiting), edit=True)
                return
        await confirm(interaction, broadcast, Deed.NOTICE_CONFIRMED)


class ApproveNotice(Action, prefix="broadcast:approve"):
    """Approve what another moderator wrote."""

    async def act(self, interaction: Interaction) -> None:
        """Send it; nobody approves her own."""
        services, guild = await require_moderator(interaction)
        broadcast = await services.broadcasts.get(self.key, guild.id)
        if broadcast.author_id == interaction.user.id:
            raise UserFacingError("You wrote this notice yourself.", "Another moderator approves it, with /broadcast status.")
        await interaction.response.defer()
        for channel_id in broadcast.channels:
            require_room(guild, channel_id)
        _require_way(broadcast, await services.servers.get(guild.id))
        await confirm(interaction, broadcast, Deed.NOTICE_APPROVED)


class ChangeNotice(Action, prefix="broadcast:change"):
    """Open the form again with the draft in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Open it; the draft stays until the form is sent."""
        services, guild = await require_moderator(interaction)
        settings = await services.servers.get(guild.id)
        await interaction.response.send_modal(NewNotice(services, interaction, settings, await _draft(services, self.key, guild.id)))


class DiscardNotice(Action, prefix="broadcast:discard"):
    """Throw the draft in the key away."""

    async def act(self, interaction: Interaction) -> None:
        """Throw it away, unless it was sent."""
        services, guild = await require_moderator(interaction)
        await services.broadcasts.discard(self.key, guild.id)
        await send_card(interaction, card("Discarded", "Nothing was sent, and the draft is gone.", meaning=Meaning.DONE), edit=True)


class ToMembers(Action, prefix="broadcast:members"):
    """Send it by direct message too (the key begins with ``1``), or not."""

    async def act(self, interaction: Interaction) -> None:
        """Change the draft, and show it."""
        wanted, _, broadcast_id = self.key.partition("-")
        if wanted == "1":
            await require_feature(interaction, Feature.NOTICES_TO_MEMBERS)
        await _redrafted(interaction, broadcast_id, is_to_members=wanted == "1")


class RolesChosen(Choice, prefix="broadcast:roles"):
    """Choose which roles it mentions in its channels."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Change the draft, and show it."""
        guild = interaction.guild
        there = {role.id for role in guild.roles if not role.is_default()} if guild else set[int]()
        await _redrafted(interaction, self.key, roles=tuple(int(value) for value in values if value.isdigit() and int(value) in there))


class MomentChosen(Choice, prefix="broadcast:moment"):
    """Choose a moment of Match week as its time."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Change the draft, and show it."""
        services, guild = await require_moderator(interaction)
        event = services.season.for_server(guild.id).event(values[0])
        if event is None or event.at is None or event.day_only:
            raise UserFacingError("That moment is not in the calendar any more.", "Choose another one.")
        await _redrafted(interaction, self.key, send_at=event.at.instant())


def _require_way(broadcast: Broadcast, settings: ServerSettings) -> None:
    if broadcast.is_to_members and Feature.NOTICES_TO_MEMBERS not in settings.features:
        raise NOT_TO_MEMBERS


async def confirm(interaction: Interaction, broadcast: Broadcast, deed: Deed) -> None:
    """Send a notice, record who did it the first time, and show how it fares."""
    services: Services = interaction.client.services
    progress = await services.broadcasts.confirm(broadcast.id, broadcast.guild_id)
    if broadcast.state in NOT_YET:
        await services.servers.note(broadcast.guild_id, interaction.user.id, deed, {"notice": broadcast.title, "id": broadcast.id})
    await send_card(interaction, await status_card(services, progress), edit=True)


async def _draft(services: Services, broadcast_id: str, guild_id: int) -> Broadcast:
    draft = await services.broadcasts.get(broadcast_id, guild_id)
    if draft.state not in NOT_YET:
        raise SENT_ALREADY
    return draft


async def _redrafted(interaction: Interaction, broadcast_id: str, **changes: object) -> None:
    services, guild = await require_moderator(interaction)
    draft = await _draft(services, broadcast_id, guild.id)
    changed = await services.broadcasts.redraft(draft, interaction.user.id, **changes)
    await send_card(interaction, await preview_card(interaction, changed), edit=True)


async def preview_card(interaction: Interaction, draft: Broadcast, problems: Sequence[str] = ()) -> Card:
    """Return a draft as it will be, who gets it and how long that takes, with what can be chosen beside it."""
    services: Services = interaction.client.services
    wanting = await services.broadcasts.how_many_want(draft.guild_id)
    is_waiting = draft.state is BroadcastState.WAITING
    title = "Waits for a second moderator" if is_waiting else "Your notice, as it will be"
    kept = "It was kept without what I could not take:\n" + "\n".join(problems) if problems else ""
    picture = f"Picture: {draft.picture}" if draft.picture else ""
    fate = _fate(draft, wanting, interaction.client.due_loop.rate, is_waiting=is_waiting)
    quiet = "The draft can be sent for a day and is kept encrypted until then." + ("" if is_waiting else " Only you can see this.")
    is_ours = services.match_week.is_unchanged(await services.servers.get(draft.guild_id), draft)
    held = services.season.for_server(draft.guild_id)
    found = services.catalogue.read_notice(f"{draft.title}\n{draft.text}\n{draft.link}", services.clock.now(), held.as_held)
    # Counted with what send_card may add; 20 more for the marks of title and quiet line.
    room = MAX_CARD_TEXT - sum(map(len, (title, kept, posted_text(draft), picture, fate, quiet, WAITING))) - 20
    return card(
        title,
        kept,
        posted_text(draft),
        picture,
        "" if is_ours else guard_lines(found, services.catalogue.notice_guard, room),
        fate,
        meaning=Meaning.ATTENTION,
        rows=_rows(interaction, draft, wanting, is_held_up=bool(problems)),
        quiet=quiet,
    )


def _fate(draft: Broadcast, wanting: int, rate: float, *, is_waiting: bool) -> str:
    to = [f"to {', '.join(f'<#{channel_id}>' for channel_id in draft.channels)}"] if draft.channels else []
    if draft.is_to_members:
        seconds = wanting * REQUESTS_EACH / rate
        takes = f", which takes about {max(1, round(seconds / 60))} min" if seconds >= 60 else ""
        to.append(f"by direct message to {wanting:,} who want this server's notices now{takes}")
    when = f"{stamp(draft.send_at, 'F')} ({on_clock(draft.send_at, ORGANISER.key)})" if draft.send_at else "at once"
    mentioned = f"It mentions {' '.join(f'<@&{role}>' for role in draft.roles)} in its channels." if draft.roles else "Nobody is mentioned."
    seen = any(mention in part for part in (draft.title, draft.text) for mention in MENTIONS)
    warning = "\nIt holds what looks like a mention: it will be shown, and nobody is notified." if seen else ""
    what = "another moderator approves it with /broadcast status" if is_waiting else "you press Send"
    return f"It goes {' and '.join(to)}, once, {when}, when {what}. {mentioned}{warning}"


def _rows(interaction: Interaction, draft: Broadcast, wanting: int, *, is_held_up: bool) -> list[list[ui.Item[Any]]]:
    services: Services = interaction.client.services
    buttons: list[ui.Item[Any]] = [ChangeNotice(draft.id, label="Change"), DiscardNotice(draft.id, label="Discard")]
    if draft.state is BroadcastState.WAITING:
        return [[ApproveNotice(draft.id, label="Approve and send", style=discord.ButtonStyle.primary), *buttons]]
    if not is_held_up:
        buttons.insert(0, SendNotice(draft.id, label="Plan it" if draft.send_at else "Send", style=discord.ButtonStyle.primary))
    if draft.is_to_members and draft.channels:
        buttons.append(ToMembers(f"0-{draft.id}", label="Not by direct message"))
    elif not draft.is_to_members:
        buttons.append(ToMembers(f"1-{draft.id}", label=f"Also by direct message ({wanting:,})"))
    rows: list[list[ui.Item[Any]]] = [buttons]
    if draft.channels and (options := role_options(interaction.guild, draft.roles)):
        most = min(MOST_ROLES, len(options))
        rows.append([RolesChosen(draft.id, options=options, placeholder="Mention roles (nobody, unless you choose)", least=0, most=most)])
    if moments := _moments(services, draft.guild_id):
        rows.append([MomentChosen(draft.id, options=moments, placeholder="Send it at a moment of Match week")])
    return rows


def _moments(services: Services, guild_id: int) -> list[discord.SelectOption]:
    now, season = services.clock.now(), services.season.for_server(guild_id)
    held = [season.event(f"us-{season.current_year()}-{key}") for key in MOMENTS]
    return [
        discord.SelectOption(
            label=event.name[:100],
            value=event.id,
            description=_moment_line(event, event.at)[:100],
        )
        for event in held
        if event is not None and event.at is not None and not event.day_only and event.at.instant() > now
    ]


def _moment_line(event: SeasonEvent, at: WallTime) -> str:
    """Return when a moment is and on whose word; both dates where this server holds another one than the season."""
    when = organisers_clock(at, day_only=event.day_only)
    if event.confirmed is None:
        return f"{when}, {event.citation.certainty}"
    season = event.confirmed.instead_of
    differs = f"; season: {organisers_clock(season.at, day_only=season.day_only)}" if season and season.at else ""
    return f"{when}, confirmed by this server{differs}"


ITEMS = (SendNotice, ApproveNotice, ChangeNotice, DiscardNotice, ToMembers, RolesChosen, MomentChosen)
