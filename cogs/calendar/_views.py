"""The cards of ``/calendar show``: a season page by page, and as a picture."""

from datetime import datetime
from typing import Any

import discord

from bot.domain.addresses import host_of
from bot.domain.calendar import SeasonEvent
from bot.domain.facts import Source
from bot.domain.member import Member
from bot.domain.seasons import is_past, next_event
from bot.services.bundle import Services
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, card, send_card
from cogs._ui.sources import CERTAINTY_WORDS
from cogs._ui.times import confirmed_words, not_known_line, stamp
from cogs._ui.words import COUNTRY_NAMES, SHORT_NAMES

PER_PAGE = 12


class SeasonChoice(Choice, prefix="calendar:season"):
    """Turn to another season."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show the season that was chosen, in place."""
        await _turn(interaction, int(values[0]), 0)


class TurnPage(Action, prefix="calendar:page"):
    """Turn to another page; the key holds year and page."""

    async def act(self, interaction: Interaction) -> None:
        """Show the page, in place."""
        year, _, page = self.key.partition("-")
        await _turn(interaction, int(year), int(page))


class DrawSeason(Action, prefix="calendar:picture"):
    """Show the season in the key as a picture."""

    async def act(self, interaction: Interaction) -> None:
        """Draw it, and show it beside the list."""
        from bot.pictures import draw, season_timeline

        services: Services = interaction.client.services
        await interaction.response.defer(ephemeral=True, thinking=True)
        member = await services.members.get(interaction.user.id)
        held = services.season.for_server(interaction.guild_id)
        events = tuple(event for season in held.seasons_of(member, int(self.key)) for event in season.events)
        today = services.clock.now().replace(hour=12, minute=0, second=0, microsecond=0)  # one picture a day, for everybody
        picture = await draw(season_timeline, events, today)
        quiet = "What has just passed and what comes next, on the organisers' days. The list has every date, with its source."
        await send_card(interaction, card(f"The {self.key} season", picture=picture, quiet=quiet))


async def _turn(interaction: Interaction, year: int, page: int) -> None:
    services: Services = interaction.client.services
    member = await services.members.get(interaction.user.id)
    await send_card(interaction, season_card(services, member, year, page, interaction.guild_id), edit=True)


def season_card(services: Services, member: Member, year: int, page: int | None, guild_id: int | None) -> Card:
    """Return one page of a season as a server holds it; without a page the one that holds the next date."""
    now = services.clock.now()
    seasons = services.season.for_server(guild_id).seasons_of(member, year)
    events = [event for season in seasons for event in season.events]
    events.sort(key=lambda event: (event.at is None, event.at.instant() if event.at else now))
    coming = next_event(events, now)
    pages = max(1, -(-len(events) // PER_PAGE))
    if page is None:
        page = events.index(coming) // PER_PAGE if coming else 0
    page = min(max(page, 0), pages - 1)
    shown = events[page * PER_PAGE : (page + 1) * PER_PAGE]
    lines = [_line(event, now, coming, several=len(seasons) > 1) for event in shown]
    names = " and ".join(COUNTRY_NAMES[season.country] for season in seasons)
    turn: list[discord.ui.Item[Any]] = []
    if pages > 1:
        turn = [
            TurnPage(f"{year}-{page - 1}", label="Earlier", disabled=page == 0),
            TurnPage(f"{year}-{page + 1}", label="Later", disabled=page == pages - 1),
        ]
    options = [
        discord.SelectOption(label=f"{other} Match", value=str(other), default=other == year)
        for other in sorted(services.catalogue.years, reverse=True)[:25]
    ]
    where = f", page {page + 1} of {pages}" if pages > 1 else ""
    return card(
        f"The {year} season, {names}{where}",
        "\n".join(lines),
        rows=[[*turn, DrawSeason(str(year), label="Picture")], [SeasonChoice(options=options, placeholder="Another season")]],
        quiet=_quiet(shown),
    )


def _line(event: SeasonEvent, now: datetime, coming: SeasonEvent | None, *, several: bool) -> str:
    country = f" ({SHORT_NAMES[event.country]})" if several else ""
    certainty = CERTAINTY_WORDS[event.citation.certainty].partition(",")[0].partition(" by ")[0]
    if event.confirmed is not None:
        certainty = confirmed_words(event.confirmed)
    if event.at is None:
        return f"- **{event.name}**{country}: {not_known_line(event)}"
    local = event.at.local
    when = f"{local:%B} {local.day}, {local:%Y}" if event.day_only else stamp(event.at.instant(), "f")
    if is_past(event, now):
        return f"-# {when}  {event.name}{country} · passed"
    if event == coming:
        return f"- {when}  **{event.name}**{country} · {certainty} · **next, {stamp(event.at.instant(), 'R')}**"
    return f"- {when}  **{event.name}**{country} · {certainty}"


def _quiet(shown: list[SeasonEvent]) -> str:
    pages = [event.confirmed.source_url for event in shown if event.confirmed is not None]
    read = [Source(page, host_of(page), page) for page in pages]
    read += [
        source for event in shown if event.confirmed is None or event.confirmed.instead_of is None for source in event.citation.sources
    ]
    sources = list(dict.fromkeys(read))
    names = ", ".join(f"[{source.title}](<{source.url}>)" if source.url else source.title for source in sources[:4])
    more = f" and {len(sources) - 4} more" if len(sources) > 4 else ""
    as_of = min((event.citation.as_of for event in shown), default=None)
    gathered = f" As of {as_of.day} {as_of:%B %Y}." if as_of else ""
    return f"Times are on your device's clock. Sources: {names}{more}.{gathered} /countdown with a date's name shows it in full."


ITEMS = (SeasonChoice, TurnPage, DrawSeason)
