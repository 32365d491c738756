"""``/help``: every topic, and no command that does not exist."""

import re
from typing import Any

import pytest

from cogs.help._situations import SITUATIONS
from cogs.help._words import TITLES, Topic
from tests.cogs.conftest import World, labels, options, text, title

COMMAND = re.compile(r"(?<![\w/<:])/([a-z]+)(?: ([a-z]+))?")


def named(card: Any) -> set[tuple[str, str]]:
    """Return every command that a card names, as its first two words."""
    return set(COMMAND.findall(re.sub(r"\(<[^>]*>\)", "", text(card))))


def unknown(world: World, card: Any) -> set[tuple[str, str]]:
    """Return the commands that a card names and that do not exist as they stand there."""
    there = {command.qualified_name for command in world.env.bot.tree.walk_commands()}
    return {(first, second) for first, second in named(card) if first not in there and f"{first} {second}" not in there}


async def test_it_begins_with_every_situation(world: World) -> None:
    result = await world.amira.slash(world.general, "help")

    assert result.ephemeral
    assert [option["value"] for option in options(result)] == [str(topic) for topic in Topic]
    assert named(result)
    assert not unknown(world, result)


@pytest.mark.parametrize("topic", list(Topic))
async def test_each_topic_answers_and_names_only_commands_that_exist(world: World, topic: Topic) -> None:
    card = (await world.amira.slash(world.general, "help")).response
    await world.amira.select(card, [topic.value])

    assert title(card) == TITLES[topic]
    assert not unknown(world, card)
    assert "!" not in text(card)
    typed = await world.amira.slash(world.general, "help", topic=topic.value)
    assert text(typed) == text(card)


async def test_about_says_where_facts_come_from_and_how_old_they_are(world: World) -> None:
    result = await world.amira.slash(world.general, "help", topic="about")

    gathered = world.services.catalogue.gathered_on
    assert f"{gathered.day} {gathered:%B %Y}" in text(result)
    assert "https://" in text(result)
    assert "no legal" in text(result)
    assert "Something is wrong?" in text(result)
    assert "GeoNames" in text(result)


async def test_privacy_says_what_is_stored(world: World) -> None:
    result = await world.amira.slash(world.general, "help", topic="privacy")

    assert "What is stored" in text(result)
    assert "encrypted" in text(result)


async def test_its_buttons_do_what_they_say(world: World) -> None:
    for topic, label, expected in (
        ("first", "Begin", "Welcome to Matchday"),
        ("date", "Show the next dates", "The 2027 Match"),
        ("data", "Show my data", "Your data"),
        ("data", "Erase", "Erase your data"),
    ):
        shown = await world.amira.slash(world.general, "help", topic=topic)
        assert label in labels(shown)
        opened = await world.amira.click(shown.response, label=label)
        assert title(opened).startswith(expected)
        assert opened.ephemeral


async def test_a_situation_opens_answers_that_exist(world: World) -> None:
    held = set(world.services.catalogue.faq.answers)
    for key, situation in SITUATIONS.items():
        assert set(situation.answers) <= held
        assert len(situation.answers) == len(set(situation.answers))
        shown = await world.amira.slash(world.general, "help", topic=key)
        await world.amira.select(shown.response, [situation.answers[0]], custom_id="faq:open:")
        assert "as of" in text(shown.response)
