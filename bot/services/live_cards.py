"""The countdown that stands in a channel, and the bot's status line: renewed once a day and when a date passes, each by a due row."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.domain.calendar import SeasonEvent
from bot.domain.delivery import Delivery, DeliveryKind, DeliveryState, Priority, channel_recipient, job_recipient
from bot.domain.member import Member
from bot.domain.seasons import upcoming
from bot.errors import UserFacingError
from bot.services.season import ORGANISER, SeasonService
from bot.storage.deliveries import DeliveryRepository
from bot.storage.live_cards import SOURCE, LiveCard, LiveCardRepository

STATUS = "status-line"
AFTER = timedelta(minutes=1)
"""How long after midnight, or after a date, the card is renewed: then it has surely passed."""


class LiveCardService:
    """Keep the countdowns of channels and the status line going."""

    def __init__(
        self,
        cards: LiveCardRepository,
        deliveries: DeliveryRepository,
        season: SeasonService,
        clock: Clock,
        deliver_now: Callable[[str], Awaitable[DeliveryState]],
        wake: Callable[[datetime], None],
    ) -> None:
        self._cards = cards
        self._deliveries = deliveries
        self._season = season
        self._clock = clock
        self._deliver_now = deliver_now
        self._wake = wake
        self.on_new_day: Callable[[], None] = _nobody_else
        """Called where a new day has begun: other processes show the status line of it too."""

    async def begin(self, guild_id: int, channel_id: int) -> Delivery:
        """Put a countdown into a channel; return what became of its first message.

        Raises:
            UserFacingError: The channel has one already.
        """
        now = self._clock.now()
        card = LiveCard(channel_id, guild_id, now)
        if not await self._cards.add(card):
            raise UserFacingError(
                "That channel has a countdown already.", "It renews itself. To move or end it, use /server countdown with stop."
            )
        delivery = _renewal(card, now, Priority.INTERACTIVE)
        await self._deliveries.add(delivery)
        await self._deliver_now(delivery.id)
        return await self._deliveries.get(delivery.id) or delivery

    async def stop(self, guild_id: int, channel_id: int) -> int | None:
        """End the countdown of a channel; return the message that shows it, which is left to the caller.

        Raises:
            UserFacingError: The channel has none.
        """
        card = await self._cards.get(channel_id)
        if card is None or card.guild_id != guild_id:
            raise UserFacingError("That channel has no countdown.", "Name the channel that has it, under channel.")
        message_id = await self._cards.message_of(channel_id)
        await self._cards.remove(channel_id)
        return message_id

    async def lost(self, channel_id: int) -> None:
        """Forget a countdown that can't stand: its channel is gone, or its first message was refused."""
        await self._cards.remove(channel_id)

    async def message_of(self, channel_id: int) -> int | None:
        """Return the message that shows a channel's countdown, or None."""
        return await self._cards.message_of(channel_id)

    async def is_wanted(self, delivery: Delivery) -> bool:
        """Tell whether a delivery renews a countdown that stands: it may have been stopped, and even begun anew, since it was claimed."""
        assert delivery.channel_id is not None  # noqa: S101 - a card stands in a channel
        card = await self._cards.get(delivery.channel_id)
        return card is not None and card.source_id == delivery.source_id

    async def channels_of(self, guild_id: int) -> list[int]:
        """Return the channels of a server in which a countdown stands."""
        return [card.channel_id for card in await self._cards.of_guild(guild_id)]

    async def resume(self) -> None:
        """Renew every countdown once, for dates may have changed while the bot was down, and go on from there."""
        now = self._clock.now()
        for card in await self._cards.all():
            # One that is due already does the same; two at once would both find a deleted message, and both post a new one.
            if not await self._cards.is_awaited(card, now):
                await self._add(_renewal(card, now, Priority.BULK))
        await self.plan_status()

    async def renew(self, guild_id: int) -> None:
        """Renew the countdowns of a server: a date that they show has changed."""
        # With the next second: what changes within this one is shown by the same row, and none that was sent already stands in for it.
        due = self._clock.now().replace(microsecond=0) + timedelta(seconds=1)
        for card in await self._cards.of_guild(guild_id):
            await self._add(_renewal(card, due, Priority.NORMAL))

    async def plan_next(self, channel_id: int) -> None:
        """Make the next row of a channel's countdown; made again, it is the same one."""
        card = await self._cards.get(channel_id)
        if card is not None:
            await self._add(_renewal(card, self.next_renewal(card.guild_id), Priority.BULK))

    async def plan_status(self) -> None:
        """Make the next row of the status line; made again, it is the same one."""
        due = self._midnight(self._clock.now())
        await self._add(
            Delivery(DeliveryKind.STATUS_LINE, job_recipient(STATUS), STATUS, STATUS, int(due.timestamp()), due, priority=Priority.BULK)
        )

    def next_renewal(self, guild_id: int | None = None) -> datetime:
        """Return when a server's card is to be renewed next: at the organiser's midnight, or after the next date, whichever is sooner."""
        now = self._clock.now()
        coming = [event.at.instant() + AFTER for event in self._ahead(now, guild_id) if event.at is not None]
        return min([self._midnight(now), *coming])

    def days_to_match_day(self) -> int | None:
        """Return the days to the next Match Day on the organiser's clock; None where none is held."""
        now = self._clock.now()
        day = next((event for event in self._ahead(now - timedelta(days=1)) if event.key == "match-day" and event.at), None)
        if day is None or day.at is None:
            return None
        days = (day.at.local.date() - now.astimezone(ORGANISER).date()).days
        return days if days >= 0 else None

    def _ahead(self, now: datetime, guild_id: int | None = None) -> Sequence[SeasonEvent]:
        nobody, held = Member(id=0, created_at=now), self._season.for_server(guild_id)
        events = [event for season in held.seasons_of(nobody, self._season.current_year()) for event in season.events]
        return upcoming(events, now)

    def _midnight(self, now: datetime) -> datetime:
        tomorrow = now.astimezone(ORGANISER).date() + timedelta(days=1)
        return datetime.combine(tomorrow, time(), tzinfo=ORGANISER).astimezone(ZoneInfo("UTC")) + AFTER

    async def _add(self, delivery: Delivery) -> None:
        if await self._deliveries.add(delivery):
            self._wake(delivery.due_at)


def _renewal(card: LiveCard, due: datetime, priority: Priority) -> Delivery:
    return Delivery(
        kind=DeliveryKind.LIVE_CARD,
        recipient=channel_recipient(card.channel_id),
        source=SOURCE,
        source_id=card.source_id,
        occurrence=int(due.timestamp()),
        due_at=due,
        priority=priority,
        guild_id=card.guild_id,
        channel_id=card.channel_id,
    )


def _nobody_else() -> None:
    """Stand for the other processes where there are none."""
