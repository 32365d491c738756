"""``/programs`` at its edges: hers alone, hostile names, the longest data within Discord's limits, stale cards, after a restart."""

from dataclasses import fields
from typing import Any

import discord
import pytest

from bot.domain.letters import ApplicationService
from bot.domain.program_order import Facet, Filters, Sort
from bot.domain.programs import Program, ProgramStage, Signal, Track, VisaPolicy
from cogs.programs._program import program_card
from cogs.programs._ways import Said, View, unpack
from tests.cogs.conftest import World, components, text, title
from tests.support.program_cards import longest
from tests.support.program_lists import OPEN, PART, STAGE, WAITING_LINE, add, hers, listed, only, opened, programs_of, put
from tests.support.reply_limits import assert_nobody_is_mentioned, assert_within_limits
from tests.support.rotation_cards import choose, in_public, select_for


async def test_nobody_else_sees_or_changes_hers_also_not_from_her_card(world: World) -> None:
    await put(world, hers(world))
    public = await in_public(world.env.bot, world, await card_of(world))
    for placeholder, value in ((STAGE, "applied"), (PART, "visa")):
        assert title(await choose(world.diego, public, placeholder, value)) == "That program is not on your list."
    assert title(await world.diego.click(public, label="Remove")) == "That program is not on your list."
    assert await only(world) == hers(world)
    seen = len(world.env.http_requests)
    await world.diego.click(public, label="Back to the list")
    shown = str([each.json for each in world.env.http_requests[seen:]])
    assert "Your programs, 2027 Match" in shown
    assert "Jasmine" not in shown
    assert title(await listed(world, world.diego)) == "Your programs, 2027 Match"


async def card_of(world: World) -> Any:
    """Return her program's card, as if she could post it."""

    class Seen:
        user, client, guild_id = world.amira, world.env.bot, None

    return await program_card(Seen(), View(), "p" * 16, Said())  # pyright: ignore[reportArgumentType]


COLUMNS = {
    "name": "Iris", "specialty": "neurology", "track": Track.ADVANCED, "region": "CA", "service": ApplicationService.SF_MATCH,
    "code": "", "link": "", "visa": frozenset[VisaPolicy](), "graduation_years": None, "score_minimum": None, "attempts_most": None,
    "experience_months": None, "experience": "", "imgs": None, "school_graduates": None, "fellowships": "", "curriculum": "",
    "contact": "", "open_house_on": None, "signal": Signal.NONE, "statement": "", "notes": "", "stage": ProgramStage.RANKED,
    "readings": {}, "carried_from": None,
}  # fmt: skip
KEPT_ASIDE = {"id", "member_id", "season_year", "created_at", "changed_at", "history", "is_readable"}


async def test_every_column_is_told_on_the_card(world: World) -> None:
    assert {each.name for each in fields(Program)} - KEPT_ASIDE == set(COLUMNS)
    await put(world, hers(world))
    whole = plain_of(await card_of(world))
    for column, other in COLUMNS.items():
        await programs_of(world)._programs.change(hers(world, **{column: other}))
        assert plain_of(await card_of(world)) != whole, column


def plain_of(view: Any) -> str:
    return "\n".join(each.content for each in view.walk_children() if isinstance(each, discord.ui.TextDisplay))


@pytest.mark.parametrize("name", ["@everyone <@1> ](https://evil.example)", "# big\n> `quote` ||x|| \u202eevil"])
async def test_hostile_names_stay_words(world: World, name: str) -> None:
    await add(world, program=name)
    message = await listed(world)
    await choose(world.amira, message, OPEN, (await only(world)).id)
    await world.amira.click(message, label="Remove")
    assert "](https://evil" not in text(message)
    assert_nobody_is_mentioned(
        [each for each in world.env.http_requests if not (isinstance(each.json, dict) and each.json.get("type") == 9)]
    )


async def test_the_longest_card_and_list_are_within_the_limits(world: World) -> None:
    many = [longest(f"{number:016d}", world.amira.id, region=region) for number, region in enumerate(programs_of(world).names.regions)]
    await put(world, *many)
    message = await listed(world)
    assert len(text(message)) + WAITING_LINE <= 4_000
    await choose(world.amira, message, OPEN, select_for(message, OPEN)["options"][0]["value"])
    assert_within_limits(components(message))
    assert len(text(message)) + WAITING_LINE <= 4_000
    assert "Long texts are shortened here" in text(message)
    await choose(world.amira, message, STAGE, "ranked")
    assert len(text(message)) + WAITING_LINE <= 4_000
    for part in ("basics", "requirements", "visa", "people", "notes", "application"):
        form = await choose(world.amira, message, PART, part)
        assert form.modal is not None
        assert len(form.modal["components"]) <= 5
    await world.amira.click(message, label="Back to the list")
    await world.amira.click(message, label="Filter")
    assert_within_limits(components(message))
    assert len([each for each in components(message) if str(each.get("placeholder")).startswith("State or province")]) == 3


def test_any_view_travels_in_a_custom_id() -> None:
    filters = Filters("considering", "orthopedics-xx", "NY", "unstated", "silver", "residencycas")
    view = View(2027, Sort.OPEN_HOUSE, filters, 124)
    assert unpack(view.pack()) == view
    assert unpack(View().pack()) == View()
    assert len(view.pack()) <= 45
    assert unpack(view.having(Facet.VISA, "0").pack()).filters.visa == "0"


@pytest.mark.parametrize("key", ["", "x", "0,1", "0,z,,,,,,,0", "0,1,!,,,,,,0"])
async def test_a_key_that_is_none_is_said_to_be_stale(world: World, key: str) -> None:
    from cogs._ui.cards import card
    from cogs.programs._ways import Go

    public = await in_public(world.env.bot, world, card("old", rows=[[Go(f"list.{key}.", label="Go")]]))
    assert title(await world.amira.click(public, label="Go")) == "This card is not of use any more."


async def test_cards_work_after_a_restart_and_in_direct_messages(world: World) -> None:
    await put(world, hers(world))
    message = await opened(world)
    await world.restart()
    await choose(world.amira, message, STAGE, "applied")
    assert "**Applied** since" in text(message)
    result = await world.amira.user.slash("programs list")
    assert title(result) == "Your programs, 2027 Match (1)"
