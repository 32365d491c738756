"""Whatever is typed into any option of any command ends in a reply or a clear refusal; no failure shows its inside."""

import logging
import re
from collections.abc import Iterator
from typing import Any

import discord
import pytest
import simcord
from discord import app_commands
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.storage.reminders import ReminderRepository
from cogs._ui.pushed import Done
from tests.cogs.conftest import World, components, text, title
from tests.support.reply_limits import assert_nobody_is_mentioned, assert_within_limits

WENT_WRONG = "Something went wrong on my side."
DECLARED = {
    "calendar export",
    "calendar show",
    "countdown",
    "eligibility explain",
    "faq",
    "help",
    "interviews add",
    "interviews heard",
    "programs cost",
    "programs fit",
    "programs import",
    "programs list",
    "remind me",
    "specialty compare",
    "specialty figures",
    "specialty list",
    "specialty show",
    "start",
}
"""The members' commands that take options."""

ODD = st.sampled_from(
    [
        "",
        " ",
        "\u200b",
        "\u202e",
        "السلام عليكم",
        "😀" * 200,
        "👩‍👩‍👧",
        "@everyone",
        "<@123456789012345678>",
        "](",
        "\x00",
        "%s{0}",
        "۱۲/۰۳",
        "-1",
        "1e999",
    ]
)
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=150), ODD, st.builds(lambda each, n: each * n, ODD, st.integers(2, 300))
)
LONG = TEXTS.map(lambda each: (each or "x") * 6_000).map(lambda each: each[:6_000])
TIMES = st.from_regex(r"(in |next |at )?[0-9]{1,5}[:/. -]?[0-9]{0,4} ?(days|weeks|am|pm|Jan|Friday|ET)?", fullmatch=True)


INTEGER = discord.AppCommandOptionType.integer
FILE = discord.AppCommandOptionType.attachment


def encoded(text: str) -> bytes:
    """Return a file of programs that holds a text."""
    return f"program,visa,notes\n{text}".encode("utf-8", "replace")


VALUES = {
    discord.AppCommandOptionType.string: st.one_of(TEXTS, TIMES, LONG),
    discord.AppCommandOptionType.integer: st.one_of(st.integers(2020, 2030), st.integers(-(2**53), 2**53)),
    FILE: st.tuples(st.just("programs.csv"), st.one_of(TEXTS.map(encoded), st.binary(max_size=200))),
}
FILLERS = {discord.AppCommandOptionType.string: "x", discord.AppCommandOptionType.integer: 2027}


def leaves(client: Any) -> Iterator[app_commands.Command[Any, ..., Any]]:
    """Return every command of the tree that a member can type; what is staff's she is not shown."""
    return (
        command
        for command in client.tree.walk_commands()
        if isinstance(command, app_commands.Command) and (command.root_parent or command).default_permissions is None
    )


def options_of(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the options that carry values, below any subcommand."""
    given_ = data.get("options", [])
    return options_of(given_[0]) if given_ and "options" in given_[0] else given_


def values_of(option: app_commands.Parameter) -> st.SearchStrategy[Any]:
    """Return what to try; where choices are declared Discord itself sends nothing else."""
    return st.sampled_from([choice.value for choice in option.choices]) if option.choices else VALUES[option.type]


def filler(option: app_commands.Parameter, value: Any) -> Any:
    """Return a value that Discord lets pass."""
    if option.choices:
        return option.choices[0].value
    return option.max_value if option.type is INTEGER and option.max_value is not None else FILLERS.get(option.type, value)


def answered(result: simcord.InteractionResult) -> list[Any]:
    """Return the messages of a reply; there is at least one."""
    found = [message for message in (result.response, *result.followups) if message is not None]
    assert found, "no reply"
    return found


def check(result: simcord.InteractionResult) -> None:
    for message in answered(result):
        assert message.ephemeral
        assert_within_limits(components(message))
        assert title(message) != WENT_WRONG


async def test_every_command_with_options_is_driven(world: World) -> None:
    assert {command.qualified_name for command in leaves(world.env.bot) if command.parameters} == DECLARED


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_any_value_of_any_option_ends_in_a_reply(world: World, data: st.DataObject) -> None:
    """Discord refuses some of these before the bot sees them; so the values are put in behind that check, in the tree itself."""
    await world.services.mydata.erase(world.amira.id)
    await world.services.members.set_zone(
        world.amira.id, data.draw(st.sampled_from(["Africa/Cairo", "Asia/Kathmandu", "America/New_York"]))
    )
    command = data.draw(st.sampled_from([each for each in leaves(world.env.bot) if each.parameters]))
    values = {each.name: data.draw(values_of(each), label=each.name) for each in command.parameters}
    tree = world.env.bot.tree

    async def put_in(interaction: discord.Interaction) -> bool:
        for option in options_of(interaction.data):
            if option["type"] != FILE.value:  # a file is sent as it is: its option holds an id
                option["value"] = values[option["name"]]
        return True

    tree.interaction_check = put_in
    try:
        fillers = {each.name: filler(each, values[each.name]) for each in command.parameters}
        result = await world.amira.slash(world.general, command.qualified_name, **fillers)
    finally:
        del tree.interaction_check
    check(result)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_any_text_typed_into_a_suggesting_option_gives_choices(world: World, data: st.DataObject) -> None:
    await world.services.members.set_zone(world.amira.id, "Africa/Cairo")
    command, option = data.draw(
        st.sampled_from([(each, option) for each in leaves(world.env.bot) for option in each.parameters if option.autocomplete])
    )
    typed = data.draw(st.one_of(TEXTS, TIMES))
    choices = await world.amira.autocomplete(world.general, command.qualified_name, option.name, typed)

    assert len(choices) <= 25
    for choice in choices:
        assert 1 <= len(choice["name"].strip()) <= len(choice["name"]) <= 100
        assert not isinstance(choice["value"], str) or 1 <= len(choice["value"]) <= 100
    world.env.raise_errors()


@pytest.mark.parametrize(
    ("command", "options"), [("countdown", {"event": "x" * 101}), ("calendar show", {"season": 1999}), ("calendar show", {"season": 2**53})]
)
async def test_what_is_declared_out_of_range_is_refused_before_the_bot(world: World, command: str, options: dict[str, Any]) -> None:
    with pytest.raises(simcord.SetupError):
        await world.amira.slash(world.general, command, **options)


@pytest.mark.parametrize("command", ["countdown", "calendar show", "remind list", "remind settings", "remind inbox"])
async def test_every_reply_mentions_nobody_and_is_hers_alone(world: World, command: str) -> None:
    result = await world.amira.slash(world.general, command)

    check(result)
    assert_nobody_is_mentioned(world.env.http_requests)


class BreakdownError(Exception):
    """Something that nobody foresaw."""


async def test_an_unforeseen_failure_gives_a_code_that_is_logged_and_nothing_of_its_inside(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def break_down(*_given: object) -> int:
        raise BreakdownError("secret of the database /var/lib")

    card = (await world.amira.slash(world.general, "countdown", event="rank list")).response
    for name in ("page_of", "get"):
        monkeypatch.setattr(ReminderRepository, name, break_down)
    with caplog.at_level(logging.ERROR):
        by_command = await world.amira.slash(world.general, "remind list")
        by_select = await world.amira.select(card, ["3d"])

    for result in (by_command, by_select):
        assert title(result) == WENT_WRONG
        assert result.ephemeral
        assert "secret" not in text(result)
        assert "Breakdown" not in text(result)
        (code,) = re.findall(r"the code ([0-9A-F]{6})", text(result))
        assert f"failure {code} in" in caplog.text
    assert "secret of the database" in caplog.text


async def test_a_press_on_a_button_that_breaks_down_is_answered_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def break_down(*_given: object) -> None:
        raise BreakdownError("secret")

    await world.services.members.set_zone(world.amira.id, "Africa/Cairo")
    card = (await world.amira.slash(world.general, "remind settings")).response
    await world.amira.click(card, label="Allow direct messages")
    member = await world.services.members.get(world.amira.id)
    await world.services.reminders.remind_me(member, "in 5 minutes", "a letter", None)
    world.clock.move_to((await world.services.reminders.page(world.amira.id, 1, 0))[0][0].due_at)
    await world.send_due()
    monkeypatch.setattr(Done, "act", break_down)
    result = await world.amira.user.click(world.dm_of(world.amira).history()[-1], label="Done")

    assert title(result) == WENT_WRONG
    assert "secret" not in text(result)
