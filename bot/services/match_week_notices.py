"""The Match-week pack of a server: drafts with the season's times, and which of them to ask about again."""

from collections.abc import Iterable

from bot.catalogue.catalogue import Catalogue
from bot.clock import Clock
from bot.domain.broadcast import Broadcast, BroadcastState
from bot.domain.calendar import Season
from bot.domain.matchweek import DraftNotice, NoticeKind, changed, pack_for
from bot.domain.member import Country
from bot.domain.servers import ServerSettings
from bot.services.broadcasts import BroadcastService
from bot.services.season import SeasonService
from bot.services.written_notices import Written


class MatchWeekNotices:
    """Write the notices of the week from the season that contains today."""

    def __init__(self, broadcasts: BroadcastService, season: SeasonService, catalogue: Catalogue, clock: Clock) -> None:
        self._broadcasts = broadcasts
        self._season = season
        self._catalogue = catalogue
        self._clock = clock

    def pack(self, settings: ServerSettings, country: Country) -> tuple[DraftNotice, ...]:
        """Return the notices of one country with their times, soonest first."""
        year = self._season.current_year()
        season = self._catalogue.season(country, year) or Season(country, year, ())
        celebration = f"<#{settings.celebration_channel_id}>" if settings.celebration_channel_id else None
        return pack_for(season, self._catalogue.match_week.of(country), self._clock.now(), celebration_channel=celebration)

    def channel_for(self, draft: DraftNotice, settings: ServerSettings) -> int | None:
        """Return where a notice goes: celebration to its own channel or nowhere, all else to the channel of notices."""
        return settings.celebration_channel_id if draft.kind is NoticeKind.CELEBRATION else settings.notice_channel_id

    def is_unchanged(self, settings: ServerSettings, broadcast: Broadcast) -> bool:
        """Tell whether a notice says word for word what the pack says: that is held to its sources, and the guard need not read it."""
        if not broadcast.pack_key:
            return False
        ours = (draft for country in Country for draft in self.pack(settings, country) if draft.key == broadcast.pack_key)
        return any((draft.title, draft.text.strip()) == (broadcast.title, broadcast.text) for draft in ours)

    def has_changed(self, broadcast: Broadcast) -> bool:
        """Tell whether a date that a notice was written from is held otherwise now."""
        if not broadcast.dates:
            return False
        code, year = broadcast.dates.split("-", 2)[:2]
        season = self._catalogue.season(Country(code), int(year)) or Season(Country(code), int(year), ())
        return bool(changed(broadcast.dates, season))

    def changed(self, broadcasts: Iterable[Broadcast]) -> list[Broadcast]:
        """Return those of some notices whose dates have changed."""
        return [each for each in broadcasts if self.has_changed(each)]

    async def prepare(self, guild_id: int, author_id: int, settings: ServerSettings, country: Country) -> None:
        """Draft every notice of the pack whose time lies ahead, and that is neither drafted nor planned."""
        there = {each.pack_key for each in await self.notices(guild_id)}
        for draft in self.pack(settings, country):
            channel_id = self.channel_for(draft, settings)
            if draft.can_be_scheduled and draft.key not in there and channel_id is not None:
                written = Written(draft.title, draft.text, (channel_id,), draft.at, pack_key=draft.key, dates=draft.fingerprint)
                await self._broadcasts.draft(guild_id, author_id, written)

    async def notices(self, guild_id: int) -> list[Broadcast]:
        """Return the notices of the pack that a server has drafted or planned for what lies ahead, soonest first."""
        now = self._clock.now()
        found = await self._broadcasts.kept(guild_id)
        gone = (BroadcastState.STOPPED, BroadcastState.RECALLED)
        kept = [each for each in found if each.pack_key and each.state not in gone and each.send_at and each.send_at > now]
        return sorted(kept, key=lambda each: each.send_at or now)

    def drafts_among(self, notices: Iterable[Broadcast], country: Country) -> list[Broadcast]:
        """Return those of some notices that are drafts of one country's pack."""
        keys = {each.key for each in self._catalogue.match_week.of(country)}
        return [each for each in notices if each.state is BroadcastState.DRAFT and each.pack_key in keys]

    async def drafts(self, guild_id: int, country: Country) -> list[Broadcast]:
        """Return the drafts of one country's pack that a server has for what lies ahead, soonest first."""
        return self.drafts_among(await self.notices(guild_id), country)

    async def hold_back(self, broadcast_id: str, guild_id: int) -> Broadcast | None:
        """Pause a notice that is about to go out where a date that it was written from has changed; return it, or None where it may go."""
        broadcast = await self._broadcasts.get(broadcast_id, guild_id)
        if broadcast.state is not BroadcastState.CONFIRMED or not self.has_changed(broadcast):
            return None
        # Its messages to several channels ask at the same time: whichever comes second finds it paused.
        await self._broadcasts.pause_if_it_goes(broadcast)
        return broadcast

    async def accept(self, broadcast_id: str, guild_id: int) -> None:
        """Let a notice whose date has changed go out as it is: a moderator has looked at it."""
        broadcast = await self._broadcasts.get(broadcast_id, guild_id)
        if self.has_changed(broadcast):
            await self._broadcasts.accept_dates(broadcast)
