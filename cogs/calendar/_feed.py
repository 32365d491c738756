"""The season in other calendars: the file, and the private feed."""

import io

import discord
from discord import ui

from bot.domain.member import Member
from bot.services.bundle import Services
from bot.storage.calendars import Feed
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card
from cogs._ui.times import provenance_short, stamp, two_clocks

KEPT_UP = (
    "A file is a copy of today: when a date moves, import it again, and your calendar moves the entry it has instead of adding another. "
    "A feed moves by itself: /calendar feed."
)
WHAT_IT_IS = (
    "A feed is an address that your calendar reads by itself, some times a day. Dates that move, move there too. "
    "The address is the key to it: whoever has it can read it, so give it to your calendar only."
)

MOST_OWN = 6


async def send_export(interaction: Interaction, year: int | None) -> None:
    """Send the season of the one who asks as an iCalendar file that only she sees."""
    services: Services = interaction.client.services
    await interaction.response.defer(ephemeral=True, thinking=True)
    member = await services.members.get(interaction.user.id)
    year = year or services.season.year_for(member)
    data = await services.calendars.export(member, year, interaction.guild_id)
    name = f"matchday-{year}.ics"
    view = card(
        f"The {year} season for your calendar",
        "Open the file, and your calendar offers to import it. Times are on the organiser's clock and shown on yours; each entry says how "
        "sure it is, where it was read and where to confirm it, with alarms a week and a day before, and three hours before a deadline.",
        KEPT_UP,
        _own_dates(services, member, year, interaction.guild_id),
        _left_out(services, member, year, interaction.guild_id),
    )
    view.container.add_item(ui.File(f"attachment://{name}"))
    await send_card(interaction, view, file=discord.File(io.BytesIO(data), filename=name))


def _own_dates(services: Services, member: Member, year: int, guild_id: int | None) -> str:
    """Return which dates this server holds otherwise than the season; both stand in the file."""
    seasons = services.season.seasons_of(member, year)
    own = services.calendars.own_dates(seasons, () if guild_id is None else (guild_id,)).values()
    if not own:
        return ""
    lines = [f"- **{event.name}:** {two_clocks(event, None)}\n-# {provenance_short(event)}" for event in list(own)[:MOST_OWN]]
    more = [f"- and {len(own) - MOST_OWN} more"] if len(own) > MOST_OWN else []
    return "\n".join(["This server holds dates of its own; the season's stand in the file beside them:", *lines, *more])


def _left_out(services: Services, member: Member, year: int, guild_id: int | None) -> str:
    here = services.season.for_server(guild_id)
    names = [event.name for each in here.seasons_of(member, year) for event in each.events if event.at is None]
    return f"**Not known, and so without a date in it:** {', '.join(names)}." if names else ""


async def feed_card(services: Services, member_id: int) -> Card:
    """Return a member's feed with what it holds, or the offer to make one."""
    feed = await services.calendars.feed_of(member_id)
    if feed is None:
        return card(
            "A feed for your calendar",
            WHAT_IT_IS,
            "It holds the dates of your season, and beside them what your servers hold otherwise. "
            "Your own reminders and those of your letters go in only if you say so.",
            meaning=Meaning.YOURS,
            rows=[[MakeFeed(label="Make my feed", style=discord.ButtonStyle.primary)]] if services.calendars.has_address else [],
            quiet="Nothing is stored before you press it." if services.calendars.has_address else NO_ADDRESS,
        )
    return _kept_card(feed)


NO_ADDRESS = (
    "This bot has no public address, so it can't offer a feed. /calendar export gives a file. Whoever runs the bot can name an address in "
    "MATCHDAY_PUBLIC_URL."
)


def _kept_card(feed: Feed, address: str = "") -> Card:
    holds = ["the dates of your season, and what your servers hold otherwise"]
    holds += ["your own reminders"] if feed.with_reminders else []
    holds += ["the reminders of your letters"] if feed.with_letters else []
    shown = (
        f"**Its address, shown this once:**\n```\n{address}\n```\nIn your calendar choose Add calendar, From URL, and paste it."
        if address
        else "Its address was shown when it was made and is not kept. If it is lost, or got out, renew it: the old one ends at once."
    )
    return card(
        "Your calendar feed",
        f"**It holds:** {', '.join(holds)}.\n**Made:** {stamp(feed.made_at, 'D')}",
        shown,
        meaning=Meaning.YOURS,
        rows=[
            [
                HoldReminders("no" if feed.with_reminders else "yes", label=f"{'Without' if feed.with_reminders else 'With'} my reminders"),
                HoldLetters("no" if feed.with_letters else "yes", label=f"{'Without' if feed.with_letters else 'With'} my letters"),
            ],
            [RenewFeed(label="Renew the address"), RemoveFeed(label="Switch it off", style=discord.ButtonStyle.danger)],
        ],
        quiet="Whoever has the address can read the feed. Calendars read it a few times a day, so a change may take hours to show.",
    )


async def _with_address(interaction: Interaction) -> None:
    services: Services = interaction.client.services
    await interaction.response.defer()
    address = await services.calendars.make_feed(interaction.user.id, interaction.guild_id)
    feed = await services.calendars.feed_of(interaction.user.id)
    assert feed is not None  # noqa: S101 - it was made just now
    await send_card(interaction, _kept_card(feed, address), edit=True)


class MakeFeed(Action, prefix="feed:make"):
    """Make a feed."""

    async def act(self, interaction: Interaction) -> None:
        """Make it, and show its address; where there is one already, show that instead of ending it."""
        services: Services = interaction.client.services
        if await services.calendars.feed_of(interaction.user.id) is not None:
            await send_card(interaction, await feed_card(services, interaction.user.id), edit=True)
            return
        await _with_address(interaction)


class RenewFeed(Action, prefix="feed:renew"):
    """Renew the secret of the feed."""

    async def act(self, interaction: Interaction) -> None:
        """Renew it, and show the new address; the old one ends at once."""
        await _with_address(interaction)


class RemoveFeed(Action, prefix="feed:off"):
    """Switch the feed off."""

    async def act(self, interaction: Interaction) -> None:
        """Switch it off, and say so."""
        await interaction.client.services.calendars.remove_feed(interaction.user.id)
        done = "Its address ended at once. What your calendar has read stays there until you remove the subscription."
        await send_card(interaction, card("The feed is off", done, meaning=Meaning.DONE), edit=True)


class HoldReminders(Action, prefix="feed:reminders"):
    """Take her own reminders in or out, as the key says."""

    async def act(self, interaction: Interaction) -> None:
        """Change it."""
        await _change(interaction, with_reminders=self.key == "yes")


class HoldLetters(Action, prefix="feed:letters"):
    """Take the reminders of her letters in or out, as the key says."""

    async def act(self, interaction: Interaction) -> None:
        """Change it."""
        await _change(interaction, with_letters=self.key == "yes")


async def _change(interaction: Interaction, *, with_reminders: bool | None = None, with_letters: bool | None = None) -> None:
    services: Services = interaction.client.services
    feed = await services.calendars.feed_of(interaction.user.id)
    feed = await services.calendars.change_feed(
        interaction.user.id,
        with_reminders=(feed is not None and feed.with_reminders) if with_reminders is None else with_reminders,
        with_letters=(feed is not None and feed.with_letters) if with_letters is None else with_letters,
    )
    await send_card(interaction, _kept_card(feed), edit=True)


ITEMS = (MakeFeed, RenewFeed, RemoveFeed, HoldReminders, HoldLetters)
