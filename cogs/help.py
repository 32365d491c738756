"""``/help``: what to do in which situation, what this bot is, and what it stores."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import MatchdayClient
from bot.domain.facts import Source
from bot.domain.member import Country
from bot.services.bundle import Services
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card
from cogs._ui.consent import AllowMessages
from cogs.mydata import HOW_LONG, NOT_STORED, STORED, WHERE, AskErase, ShowData
from cogs.start._views import OpenCountdown, OpenStart

SOURCES_SHOWN = 5
CITIES = "geonames"


class Topic(StrEnum):
    """What help is given on; the value is what ``topic:`` sends."""

    FIRST = "first"
    DATE = "date"
    REMINDER = "reminder"
    MISSING = "missing"
    DATA = "data"
    ABOUT = "about"
    PRIVACY = "privacy"


TITLES = {
    Topic.FIRST: "First time here",
    Topic.DATE: "I look for a date",
    Topic.REMINDER: "I want to be reminded",
    Topic.MISSING: "Messages do not arrive",
    Topic.DATA: "What is stored of me",
    Topic.ABOUT: "About this bot and its facts",
    Topic.PRIVACY: "Privacy",
}

TEXTS = {
    Topic.FIRST: (
        (
            "/start asks four short questions: your time zone, where you apply, the Match that you aim at, and whether I may send you "
            "direct messages. After that every date is shown on your clock and for your year."
        ),
        "You can skip it: /countdown and /calendar show work at once, for the season that contains today.",
    ),
    Topic.DATE: (
        (
            "- /countdown: the next dates of your season, with the days left\n"
            "- /countdown event: one date in full; type it as you call it, for example rank list or SOAP\n"
            "- /calendar show: the whole season; what has passed, what is next, what is not known"
        ),
        "Every date says how sure it is and where it was read. A date that is not announced says where to confirm it.",
    ),
    Topic.REMINDER: (
        (
            "- Ahead of a date: /countdown event, then **Remind me** and how long before\n"
            "- Of your own: /remind me, with a time in common words, for example tomorrow 9:00\n"
            "- /remind list: what is set; cancel any of it\n"
            "- /remind settings: direct messages on or off"
        ),
        (
            "A reminder comes by direct message, with buttons for done and for later. "
            "While direct messages are off or closed it waits in /remind inbox."
        ),
    ),
    Topic.MISSING: (
        "**Read what waited:** /remind inbox. What could not be sent is kept there.",
        "**Look at the settings:** /remind settings says whether messages are on, off, or refused by Discord.",
        (
            "**Open direct messages:** in the menu of a server that we share, Privacy Settings, Direct Messages; or in User Settings, "
            "Content & Social. Then press the button below: a first message shows whether they arrive."
        ),
    ),
    Topic.DATA: (
        (
            "- /mydata show: what is stored of you, where, and how long\n"
            "- /mydata export: all of it, as a file\n"
            "- /mydata erase: all of it gone; asks first"
        ),
    ),
    Topic.PRIVACY: (
        f"**What is stored:** {STORED}",
        f"**What is not:** {NOT_STORED}",
        f"**Where:** {WHERE}",
        f"**How long:** {HOW_LONG}",
        (
            "**Who sees it:** my replies to you are visible to you alone, unless you press Share here, which posts a date and nothing of "
            "yours. Reminders come by direct message, and only after you agreed."
        ),
    ),
}
OVERVIEW = "What brings you here? Choose below."
PURPOSE = "Matchday helps international medical graduates keep the dates of the residency Match, and reminds them in time."
CERTAINTIES = (
    "**How sure a fact is:** announced means read on a page of its owner; expected, read elsewhere, schools included; "
    "estimated, computed by a stated rule; not known is said as such, with where to look."
)
NO_ADVICE = (
    "**What it is not:** it gives no legal, immigration or medical advice, and it belongs to no organization that runs a Match. "
    "What counts is the owner's page: confirm there before you act."
)
REPORT = (
    "**Something is wrong?** Tell a moderator of your server, or whoever runs this bot: what you did, what you saw, and the code if "
    "the reply showed one. For a wrong date, add a link to the page that has the right one."
)

Buttons = dict[Topic, Callable[[], list[Action]]]
BUTTONS: Buttons = {
    Topic.FIRST: lambda: [OpenStart(label="Begin", style=discord.ButtonStyle.primary)],
    Topic.DATE: lambda: [OpenCountdown(label="Show the next dates")],
    Topic.REMINDER: lambda: [OpenCountdown(label="Choose a date")],
    Topic.MISSING: lambda: [AllowMessages(label="Allow direct messages and try")],
    Topic.DATA: lambda: [ShowData(label="Show my data"), AskErase(label="Erase")],
    Topic.PRIVACY: lambda: [ShowData(label="Show my data")],
}


class TopicChoice(Choice, prefix="help:topic"):
    """Turn to another topic."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it, in place."""
        await send_card(interaction, topic_card(interaction.client.services, Topic(values[0])), edit=True)


class Help(commands.Cog):
    """Say what to do next."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @app_commands.command(name="help", description="What to do next, what this bot is, and what it stores")
    @app_commands.describe(topic="What you need; leave it out for all topics")
    @app_commands.choices(topic=[app_commands.Choice(name=title, value=topic.value) for topic, title in TITLES.items()])
    async def help(self, interaction: discord.Interaction[Any], topic: str | None = None) -> None:
        """Show all topics, or one."""
        await send_card(interaction, overview_card() if topic is None else topic_card(self._services, Topic(topic)))


def overview_card() -> Card:
    """Return every topic with the command that answers it first."""
    first = {
        Topic.FIRST: "/start",
        Topic.DATE: "/countdown, /calendar show",
        Topic.REMINDER: "/remind me, /remind list",
        Topic.MISSING: "/remind inbox, /remind settings",
        Topic.DATA: "/mydata show, export, erase",
    }
    lines = "\n".join(f"- **{TITLES[topic]}:** {names}" for topic, names in first.items())
    return card("Help", OVERVIEW, lines, rows=[[_topics(None)], [OpenStart(label="Begin with /start")]])


def topic_card(services: Services, topic: Topic) -> Card:
    """Return one topic, with the buttons that do what it says."""
    if topic is Topic.ABOUT:
        blocks, quiet = _about(services)
    else:
        blocks, quiet = TEXTS[topic], ""
    buttons = BUTTONS.get(topic, list[Action])()
    meaning = Meaning.YOURS if topic in (Topic.DATA, Topic.PRIVACY) else Meaning.FACT
    return card(TITLES[topic], *blocks, meaning=meaning, rows=[buttons, [_topics(topic)]], quiet=quiet)


def _topics(shown: Topic | None) -> TopicChoice:
    options = [discord.SelectOption(label=title, value=topic, default=topic is shown) for topic, title in TITLES.items()]
    return TopicChoice(options=options, placeholder="Choose a topic")


def _about(services: Services) -> tuple[tuple[str, ...], str]:
    """Return what this bot is, with the sources of the season that contains today and the age of its facts."""
    catalogue = services.catalogue
    year = services.season.current_year()
    seasons = [season for country in Country if (season := catalogue.season(country, year)) is not None]
    facts = [event.citation for season in seasons for event in season.events]
    owners = dict.fromkeys(fact.confirm_at for fact in facts if fact.confirm_at is not None)
    read = dict.fromkeys(source for fact in facts for source in fact.sources if source.url and source not in owners)
    gathered = catalogue.gathered_on
    sources = (
        f"**Where the facts come from:** every reply names its sources. The dates of the {year} season rest on\n"
        f"{_names(list(read)[:SOURCES_SHOWN])}\nand more: {len(catalogue.sources)} sources in all."
    )
    confirm = f"**Where to confirm them:**\n{_names(list(owners)[:SOURCES_SHOWN])}" if owners else ""
    age = (
        f"**How old they are:** gathered by {gathered.day} {gathered:%B %Y}, from stored copies of public pages. "
        "Nobody has checked them one by one since; each reply says as of when."
    )
    cities = catalogue.source(CITIES)
    quiet = f"City names: {cities.title}." if cities else ""
    return (PURPOSE, sources, confirm, age, CERTAINTIES, NO_ADVICE, REPORT), quiet


def _names(sources: Iterable[Source]) -> str:
    return "\n".join(f"- [{source.title}](<{source.url}>)" if source.url else f"- {source.title}" for source in sources)


async def setup(client: MatchdayClient) -> None:
    """Add the command and the select of its cards."""
    client.add_dynamic_items(TopicChoice)
    await client.add_cog(Help(client.services))
