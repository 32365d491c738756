"""The cards of ``/start``: one question each, edited in place; every answer is stored as it is given, and read anew at each click."""

from enum import StrEnum
from typing import Any

import discord

from bot.domain.member import Country, DirectMessages, Member
from bot.errors import UserFacingError
from bot.services.bundle import Services
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card, shortened
from cogs._ui.consent import HOW_TO_OPEN
from cogs._ui.times import clock_change_line, clock_now, days_left, on_clock, provenance, two_clocks
from cogs._ui.words import COUNTRY_NAMES, NOT_SET, countries_in_words, messages_in_words, year_in_words
from cogs.countdown._views import next_dates_card
from cogs.start import _words as words

ZONES_PER_PAGE = 25
YEARS_SHOWN = 5
PRIMARY, SECONDARY = discord.ButtonStyle.primary, discord.ButtonStyle.secondary

Items = list[discord.ui.Item[Any]]


class Step(StrEnum):
    """The cards, in the order in which a member meets them."""

    ZONE = "zone"
    COUNTRIES = "countries"
    YEAR = "year"
    MESSAGES = "messages"
    DONE = "done"
    SUMMARY = "summary"


class Way(StrEnum):
    """How she came to a question: on the guided way, or to change one answer."""

    GUIDED = "g"
    SINGLE = "c"

    def after(self, step: Step) -> Step:
        """Return the card that follows an answer."""
        return Step.SUMMARY if self is Way.SINGLE else list(Step)[list(Step).index(step) + 1]

    def before(self, step: Step) -> Step:
        """Return the card that Back leads to."""
        return Step.SUMMARY if self is Way.SINGLE or step is Step.ZONE else list(Step)[list(Step).index(step) - 1]


def _read(key: str) -> tuple[Way, str]:
    way, _, rest = key.partition("-")
    return Way(way), rest


async def _show(interaction: Interaction, step: Step, way: Way) -> None:
    services: Services = interaction.client.services
    member = await services.members.get(interaction.user.id)
    await send_card(interaction, step_card(services, member, step, way, interaction.guild_id), edit=True)


class GoTo(Action, prefix="start:go"):
    """Show the card in the key, without an answer."""

    async def act(self, interaction: Interaction) -> None:
        """Show it in place."""
        way, step = _read(self.key)
        await _show(interaction, Step(step), way)


class OpenStart(Action, prefix="start:open"):
    """Open ``/start`` from another card."""

    async def act(self, interaction: Interaction) -> None:
        """Show the first question without an answer, or all the answers."""
        await send_card(interaction, await first_card(interaction.client.services, interaction.user.id))


class OpenCountdown(Action, prefix="start:countdown"):
    """Open what ``/countdown`` answers."""

    async def act(self, interaction: Interaction) -> None:
        """Show the next dates."""
        services: Services = interaction.client.services
        await send_card(interaction, next_dates_card(services, await services.members.get(interaction.user.id), interaction.guild_id))


class RegionChoice(Choice, prefix="start:region"):
    """Choose a region of the world; the key is the way."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show the first zones of the region."""
        await send_card(interaction, zones_card(interaction.client.services, Way(self.key), values[0], 0), edit=True)


class TurnZones(Action, prefix="start:zones"):
    """Turn to another page of a region's zones; the key holds way, page and region."""

    async def act(self, interaction: Interaction) -> None:
        """Show the page, in place."""
        way, rest = _read(self.key)
        page, _, region = rest.partition("-")
        await send_card(interaction, zones_card(interaction.client.services, way, region, int(page)), edit=True)


class ZoneChosen(Choice, prefix="start:zone"):
    """Choose the zone; the key is the way."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Store it, and go on."""
        await interaction.client.services.members.set_zone(interaction.user.id, values[0])
        await _show(interaction, Way(self.key).after(Step.ZONE), Way(self.key))


class CountriesChosen(Action, prefix="start:countries"):
    """Choose where she applies; the key holds way and countries."""

    async def act(self, interaction: Interaction) -> None:
        """Store it, and go on."""
        way, chosen = _read(self.key)
        await interaction.client.services.members.set_countries(interaction.user.id, frozenset(map(Country, chosen.split("+"))))
        await _show(interaction, way.after(Step.COUNTRIES), way)


class YearChosen(Action, prefix="start:year"):
    """Choose the target year; the key holds way and year."""

    async def act(self, interaction: Interaction) -> None:
        """Store it, and go on."""
        way, year = _read(self.key)
        await interaction.client.services.members.set_target_year(interaction.user.id, int(year))
        await _show(interaction, way.after(Step.YEAR), way)


class MessagesYes(Action, prefix="start:yes"):
    """Agree to direct messages; the key is the way."""

    async def act(self, interaction: Interaction) -> None:
        """Record the consent, send the first message, and say at once where it is refused."""
        services: Services = interaction.client.services
        await interaction.response.defer()
        member = await services.members.get(interaction.user.id)
        if member.direct_messages is not DirectMessages.ON:  # a double click sends one first message, not two
            member = await services.members.agree_to_messages(interaction.user.id)
        way = Way(self.key)
        step = Step.MESSAGES if member.direct_messages is DirectMessages.CLOSED else way.after(Step.MESSAGES)
        await send_card(interaction, step_card(services, member, step, way, interaction.guild_id), edit=True)


class MessagesNo(Action, prefix="start:no"):
    """Have no direct messages; the key is the way."""

    async def act(self, interaction: Interaction) -> None:
        """Take back the consent where there is one, and go on."""
        services: Services = interaction.client.services
        member = await services.members.get(interaction.user.id)
        if member.direct_messages is not DirectMessages.OFF:
            await services.members.switch_messages_off(interaction.user.id)
        await _show(interaction, Way(self.key).after(Step.MESSAGES), Way(self.key))


ITEMS = (
    GoTo,
    OpenStart,
    OpenCountdown,
    RegionChoice,
    TurnZones,
    ZoneChosen,
    CountriesChosen,
    YearChosen,
    MessagesYes,
    MessagesNo,
)


async def first_card(services: Services, member_id: int) -> Card:
    """Return the first question that a member has not answered, or all her answers."""
    member = await services.members.get(member_id)
    if member.zone is None:
        step = Step.ZONE
    elif not member.countries:
        step = Step.COUNTRIES
    elif member.target_year is None and services.members.target_years():
        step = Step.YEAR
    else:
        step = Step.SUMMARY
    return step_card(services, member, step, Way.GUIDED)


def step_card(services: Services, member: Member, step: Step, way: Way, guild_id: int | None = None) -> Card:
    """Return one card of ``/start``, as the member's settings stand; its date as the server holds it where she is."""
    match step:
        case Step.ZONE:
            return _regions_card(services, member, way)
        case Step.COUNTRIES:
            return _countries_card(services, member, way)
        case Step.YEAR:
            return _year_card(services, member, way)
        case Step.MESSAGES:
            return _messages_card(member, way)
        case Step.DONE:
            return _done_card(services, member, guild_id)
        case Step.SUMMARY:
            return _summary_card(services, member)


def _back(way: Way, step: Step) -> GoTo:
    return GoTo(f"{way}-{way.before(step)}", label="Back")


def _place(way: Way, step: Step) -> str:
    return f"Question {list(Step).index(step) + 1} of 4." if way is Way.GUIDED else ""


def _regions_card(services: Services, member: Member, way: Way) -> Card:
    zones = services.catalogue.zones
    options = [
        discord.SelectOption(
            label=shortened(region, 100),
            value=region,
            description=shortened(", ".join(choice.label.partition(",")[0] for choice in zones.in_region(region)[:3]), 100),
        )
        for region in zones.regions()[:25]
    ]
    is_new = member.zone is None and not member.countries and member.target_year is None
    return card(
        "Welcome to Matchday" if is_new else "Your time zone",
        words.WELCOME if is_new else "",
        words.REGION,
        "" if member.zone is None else f"Now set: {_zone_line(services, member)}",
        meaning=Meaning.YOURS,
        rows=[[RegionChoice(way, options=options, placeholder="Your region")], [] if is_new else [_back(way, Step.ZONE)]],
        quiet=f"{_place(way, Step.ZONE)} {words.REGION_HINT}".strip(),
    )


def zones_card(services: Services, way: Way, region: str, page: int) -> Card:
    """Return one page of a region's zones, each with the time that it is there."""
    now = services.clock.now()
    choices = services.catalogue.zones.in_region(region)
    if not choices:
        raise UserFacingError("That region is not in my list any more.", "Use /start again and choose from the list.")
    pages = -(-len(choices) // ZONES_PER_PAGE)
    page = min(max(page, 0), pages - 1)
    options = [
        discord.SelectOption(
            label=shortened(f"{clock_now(now, choice.zone)} · {choice.label}", 100), value=choice.zone, description=choice.zone
        )
        for choice in choices[page * ZONES_PER_PAGE : (page + 1) * ZONES_PER_PAGE]
    ]
    turn: Items = [GoTo(f"{way}-{Step.ZONE}", label="Back")]
    if pages > 1:
        turn += [
            TurnZones(f"{way}-{page - 1}-{region}", label="Earlier", disabled=page == 0),
            TurnZones(f"{way}-{page + 1}-{region}", label="Later", disabled=page == pages - 1),
        ]
    return card(
        f"Your time zone: {region}" + (f", page {page + 1} of {pages}" if pages > 1 else ""),
        words.ZONES,
        meaning=Meaning.YOURS,
        rows=[[ZoneChosen(way, options=options, placeholder="The time now · the place")], turn],
        quiet=words.ZONES_HINT,
    )


def _countries_card(services: Services, member: Member, way: Way) -> Card:
    both = tuple(Country)
    buttons: Items = []
    for label, countries in (*((COUNTRY_NAMES[country], (country,)) for country in Country), ("Both", both)):
        style = PRIMARY if member.countries == frozenset(countries) else SECONDARY
        buttons.append(CountriesChosen(f"{way}-{'+'.join(countries)}", label=label, style=style))
    return card(
        "Where you apply",
        f"Your zone: {_zone_line(services, member)}" if way is Way.GUIDED and member.zone else "",
        words.COUNTRIES,
        meaning=Meaning.YOURS,
        rows=[buttons, [_back(way, Step.COUNTRIES)]],
        quiet=_place(way, Step.COUNTRIES),
    )


def _year_card(services: Services, member: Member, way: Way) -> Card:
    years = services.members.target_years()[:YEARS_SHOWN]
    buttons: Items = [
        YearChosen(f"{way}-{year}", label=f"{year} Match", style=PRIMARY if year == member.target_year else SECONDARY) for year in years
    ]
    if not years:
        buttons.append(GoTo(f"{way}-{way.after(Step.YEAR)}", label="Go on"))
    return card(
        "Your year",
        words.YEAR if years else words.NO_YEAR,
        meaning=Meaning.YOURS,
        rows=[buttons, [_back(way, Step.YEAR)]],
        quiet=_place(way, Step.YEAR),
    )


def _messages_card(member: Member, way: Way) -> Card:
    back, onward = _back(way, Step.MESSAGES), f"{way}-{way.after(Step.MESSAGES)}"
    match member.direct_messages:
        case DirectMessages.OFF:
            sent = words.NOTHING_SENT if member.dm_channel_id is None else words.NOTHING_NOW
            return card(
                "Direct messages",
                words.MESSAGES,
                f"{sent} {words.WITHOUT}",
                meaning=Meaning.YOURS,
                rows=[[MessagesYes(way, label="Yes", style=PRIMARY), MessagesNo(way, label="Not now")], [back]],
                quiet=_place(way, Step.MESSAGES),
            )
        case DirectMessages.ON:
            return card(
                "Direct messages",
                words.MESSAGES_ON,
                meaning=Meaning.YOURS,
                rows=[[GoTo(onward, label="Keep them on"), MessagesNo(way, label="Switch them off")], [back] if way is Way.GUIDED else []],
            )
        case DirectMessages.CLOSED:
            return card(
                "Direct messages are closed",
                HOW_TO_OPEN,
                meaning=Meaning.ATTENTION,
                rows=[
                    [
                        MessagesYes(way, label="Try again", style=PRIMARY),
                        GoTo(onward, label="Later"),
                        MessagesNo(way, label="Leave them off"),
                    ],
                    [back] if way is Way.GUIDED else [],
                ],
                quiet=words.CLOSED_HINT,
            )


def _done_card(services: Services, member: Member, guild_id: int | None) -> Card:
    text, quiet = _next_date(services, member, guild_id)
    return card(
        "You are set up",
        words.MESSAGES_OUTCOME[member.direct_messages],
        text,
        words.COMMANDS,
        meaning=Meaning.DONE,
        rows=[[OpenCountdown(label="Show the next dates", style=PRIMARY), _back(Way.GUIDED, Step.DONE)]],
        quiet=f"{quiet}\n{words.CHANGE_HINT}".strip(),
    )


def _next_date(services: Services, member: Member, guild_id: int | None) -> tuple[str, str]:
    """Return the next date that matters to her, and where it comes from."""
    try:
        ahead = services.season.for_server(guild_id).ahead(member)
    except UserFacingError as error:  # no calendar is held for her country and year: that is an answer, not a failure
        return f"{error.what_happened} {error.what_to_do}", ""
    if ahead.dated:
        event, now = ahead.dated[0], services.clock.now()
        assert event.at is not None  # noqa: S101 - only dated events stand there
        instant, zone = event.at.instant(), member.zone or event.at.zone
        change = clock_change_line([event.at.zone, zone], now, instant)
        text = f"**Your next date: {event.name}** · {days_left(now, instant, zone)}\n{two_clocks(event, member.zone)}\n{event.meaning}"
        return f"{text}\n{change}".strip(), provenance(event)
    if ahead.unknown:
        event = ahead.unknown[0]
        return f"**Your next date: {event.name}** · not known\n{event.meaning}", provenance(event)
    return words.NO_DATE, ""


def _summary_card(services: Services, member: Member) -> Card:
    lines = (
        f"**Time zone:** {_zone_line(services, member)}",
        f"**You apply in:** {countries_in_words(member)}",
        f"**You aim at:** {year_in_words(member)}",
        f"**Direct messages:** {messages_in_words(member)}",
    )
    labels = (
        (Step.ZONE, "Change zone"),
        (Step.COUNTRIES, "Change countries"),
        (Step.YEAR, "Change year"),
        (Step.MESSAGES, "Change messages"),
    )
    return card(
        "Your settings",
        "\n".join(lines),
        meaning=Meaning.YOURS,
        rows=[[GoTo(f"{Way.SINGLE}-{step}", label=label) for step, label in labels], [OpenCountdown(label="Show the next dates")]],
        quiet=words.DATA_HINT,
    )


def _zone_line(services: Services, member: Member) -> str:
    return f"{member.zone}; it is {on_clock(services.clock.now(), member.zone)}" if member.zone else NOT_SET
