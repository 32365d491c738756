"""``/help``."""

from collections.abc import Callable, Iterable
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.facts import Source
from bot.domain.member import Country
from bot.services.bundle import Services
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card, shortened
from cogs._ui.consent import AllowMessages
from cogs.faq._views import AnswerChoice
from cogs.help import _words as words
from cogs.help._situations import SITUATIONS
from cogs.help._words import Topic
from cogs.mydata._cards import AskErase, ShowData
from cogs.start._views import OpenCountdown, OpenStart

SOURCES_SHOWN = 5
CITIES = "geonames"


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
    @app_commands.choices(topic=[app_commands.Choice(name=title, value=topic.value) for topic, title in words.TITLES.items()])
    async def help(self, interaction: discord.Interaction[Any], topic: str | None = None) -> None:
        """Show all topics, or one."""
        await send_card(interaction, overview_card() if topic is None else topic_card(self._services, Topic(topic)))


def overview_card() -> Card:
    """Return every topic with the command that answers it first."""
    lines = "\n".join(f"- **{words.TITLES[topic]}:** {names}" for topic, names in words.FIRST.items())
    return card("Help", words.OVERVIEW, lines, rows=[[_topics(None)], [OpenStart(label="Begin with /start")]])


def topic_card(services: Services, topic: Topic) -> Card:
    """Return one topic, with the buttons that do what it says."""
    if topic is Topic.ABOUT:
        blocks, quiet = _about(services)
    else:
        blocks, quiet = words.TEXTS[topic], ""
    buttons = BUTTONS.get(topic, list[Action])()
    meaning = Meaning.YOURS if topic in (Topic.DATA, Topic.PRIVACY) else Meaning.FACT
    return card(words.TITLES[topic], *blocks, meaning=meaning, rows=[buttons, _answers(services, topic), [_topics(topic)]], quiet=quiet)


def _answers(services: Services, topic: Topic) -> list[AnswerChoice]:
    """Return the answers of ``/faq`` on a situation; none on what is no situation."""
    situation = SITUATIONS.get(topic.value)
    if situation is None:
        return []
    held = services.catalogue.faq.answers
    options = [discord.SelectOption(label=shortened(held[each].question, 100), value=each) for each in situation.answers if each in held]
    return [AnswerChoice(options=options, placeholder="Answers with their sources")]


def _topics(shown: Topic | None) -> TopicChoice:
    options = [discord.SelectOption(label=title, value=topic, default=topic is shown) for topic, title in words.TITLES.items()]
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
    return (words.PURPOSE, sources, confirm, age, words.CERTAINTIES, words.NO_ADVICE, words.REPORT), quiet


def _names(sources: Iterable[Source]) -> str:
    return "\n".join(f"- [{source.title}](<{source.url}>)" if source.url else f"- {source.title}" for source in sources)
