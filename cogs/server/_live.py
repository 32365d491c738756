"""The countdown that stands in a channel, and the status line: how each is carried out."""

import discord

from bot.client import MatchdayClient
from bot.domain.delivery import Delivery, DeliveryKind
from bot.domain.member import Member
from bot.scheduling.outbox import Outcome, Sent, Unwanted
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, card, send_card
from cogs._ui.posts import posts
from cogs._ui.times import provenance_short, stamp
from cogs.countdown._views import next_dates_card
from cogs.server._alarm import tell_staff

SHOWN = 6
UNKNOWN_MESSAGE = 10008
UNKNOWN_CHANNEL = 10003
NO_LEAVE = {50001, 50013}
"""Missing access, missing permissions: both may come back."""
STOPPED = "The countdown was stopped."


class MyDates(Action, prefix="live:mine"):
    """Open one's own next dates; the key is the id of the delivery that wrote the card, by which the message is found again."""

    async def act(self, interaction: Interaction) -> None:
        """Show them to the one who asks."""
        services: Services = interaction.client.services
        await send_card(interaction, next_dates_card(services, await services.members.get(interaction.user.id), interaction.guild_id))


def live_card(services: Services, delivery_id: str, guild_id: int | None) -> Card:
    """Return the next dates of the season that contains today, as everybody in a server sees them."""
    nobody = Member(id=0, created_at=services.clock.now())
    ahead = services.season.for_server(guild_id).ahead(nobody)
    lines: list[str] = []
    for event in ahead.dated[:SHOWN]:
        assert event.at is not None  # noqa: S101 - only dated events are there
        local = event.at.local
        when = f"{local:%B} {local.day}, {local:%Y}" if event.day_only else stamp(event.at.instant(), "F")
        lines.append(f"**{event.name}** · {stamp(event.at.instant(), 'R')}\n{when}\n-# {provenance_short(event)}")
    gathered = services.catalogue.gathered_on
    return card(
        f"The {ahead.year} Match: what comes next",
        *(lines or ["Every date of this season that is held has passed."]),
        rows=[[MyDates(delivery_id, label="My dates and reminders")]],
        quiet=f"Times are on your device's clock. Facts as of {gathered.day} {gathered:%B %Y}. Renewed {stamp(services.clock.now(), 'R')}.",
    )


@posts(DeliveryKind.LIVE_CARD)
async def post_live_card(client: MatchdayClient, delivery: Delivery) -> Outcome:
    """Write the card into its channel: in the place of the message that is there, else as a new one; nothing where it was stopped."""
    assert delivery.channel_id is not None  # noqa: S101 - a card stands in a channel
    cards = client.services.live_cards
    if not await cards.is_wanted(delivery):
        return Unwanted(STOPPED)
    await cards.plan_next(delivery.channel_id)  # first: whatever happens to this one, the next one comes
    channel = client.get_partial_messageable(delivery.channel_id)
    view = live_card(client.services, delivery.id, delivery.guild_id)
    message_id = await cards.message_of(delivery.channel_id)
    try:
        if message_id is not None:
            try:
                await channel.get_partial_message(message_id).edit(view=view)
                return Sent(message_id=message_id, channel_id=delivery.channel_id)
            except discord.NotFound as error:
                if error.code != UNKNOWN_MESSAGE:
                    raise
                if not await cards.is_wanted(delivery):  # whoever stopped it meanwhile deleted the message
                    return Unwanted(STOPPED)
        message = await channel.send(view=view, nonce=delivery.id)
        return Sent(message_id=message.id, channel_id=delivery.channel_id)
    except discord.HTTPException as error:
        # A countdown that stood waits for its permission until the next day; one that never did is forgotten, and its maker is told.
        if error.code == UNKNOWN_CHANNEL or (error.code in NO_LEAVE and message_id is None):
            await cards.lost(delivery.channel_id)
        raise


def status_text(services: Services) -> str:
    """Return the status line: the days to Match Day, or what the bot is for."""
    days = services.live_cards.days_to_match_day()
    if days is None:
        return "Dates of the residency Match"
    return "Match Day is today" if days == 0 else f"{days} day{'' if days == 1 else 's'} to Match Day"


@posts(DeliveryKind.STATUS_LINE)
async def show_status(client: MatchdayClient, _delivery: Delivery) -> Sent:
    """Show the status line of the new day, and throw away what was kept for a day; no message comes of it."""
    await client.services.live_cards.plan_status()
    await client.services.broadcasts.discard_old_drafts()
    await client.services.questions.discard_old_drafts()
    await client.services.slot_offers.discard_old_drafts()
    await client.services.server_events.discard_old_drafts()
    await client.services.mock_matches.discard_old()
    await client.services.server_events.look_again()
    await begin_day(client)
    client.services.live_cards.on_new_day()
    return Sent(message_id=0, channel_id=0)


async def begin_day(client: MatchdayClient) -> None:
    """Show the status line in the servers that this process connects, and look what changed there while nobody listened."""
    for guild_id in await client.services.servers.configured():
        if (guild := client.get_guild(guild_id)) is not None:
            await tell_staff(client.services, guild)
    await client.change_presence(activity=discord.CustomActivity(status_text(client.services)))


ITEMS = (MyDates,)
