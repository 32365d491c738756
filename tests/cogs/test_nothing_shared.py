"""Of two servers no byte of one reaches the other, of two members no byte of one the other's: over every command, button and select."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest
import sqlalchemy as sa

from bot.storage.tables import metadata
from cogs._ui.actions import ACTIONS
from tests.cogs.conftest import World
from tests.support.every_card import STAFFS, Walk, all_of, leaves, looked_at, prefix_of, press
from tests.support.filled_server import Circle, a_circle, filled, has_any

pytestmark = pytest.mark.simcord(settle_timeout=60.0)  # some of it is drawn
ARGUMENTS: dict[str, list[dict[str, Any]]] = {
    "start": [{}],
    "countdown": [{}, {"event": "rank list"}],
    "calendar show": [{}],
    "calendar export": [{}],
    "eligibility explain": [{}],
    "specialty show": [{"name": "IM"}],
    "specialty compare": [{"first": "IM"}],
    "specialty list": [{}],
    "specialty figures": [{}],
    "faq": [{}, {"question": "visa"}],
    "remind me": [{"when": "in 4 weeks", "what": "my own"}],
    "server countdown": [{}],
    "server calendar": [{"event": "rank list"}],
    "server programs": [{}],
    "programs list": [{}],
    "programs import": [{}],
    "programs fit": [{}, {"score": 231}],
    "programs cost": [{}, {"more": 40, "specialty": "IM"}],
    "interviews heard": [{}],
    "interviews add": [{}],
    "help": [{}],
}
"""What the commands with options are used with; one without options is used as it is."""
PROBES = ("", "d")
NOT_REACHED = {
    "advisor:page",
    "advisor:queue",
    "ask:change",
    "ask:discard",
    "ask:mine",
    "ask:open",
    "ask:send",
    "broadcast:again",
    "countdown:usual",
    "expiry:inbox",
    "expiry:keep",
    "feed:letters",
    "feed:make",
    "feed:off",
    "feed:reminders",
    "feed:renew",
    "heard:again",
    "heard:back",
    "heard:hide",
    "interviews:again",
    "interviews:mark",
    "interviews:remove",
    "journey:again",
    "journey:anew",
    "journey:examremind",
    "journey:use",
    "letters:again",
    "letters:import",
    "letters:move",
    "letters:remind",
    "letters:remind_all",
    "letters:settle",
    "letters:silence",
    "letters:unassigned",
    "matchweek:accepted",
    "matchweek:forget",
    "matchweek:open",
    "matchweek:say",
    "mock:result",
    "nudge:inbox",
    "practice:listen",
    "practice:open",
    "practice:post",
    "practice:remove",
    "programs:again",
    "programs:carry",
    "programs:copy",
    "programs:copypage",
    "ranklist:add",
    "ranklist:anew",
    "ranklist:askplace",
    "ranklist:copy",
    "ranklist:firstyear",
    "ranklist:place",
    "ranklist:placeto",
    "ranklist:uncertified",
    "ranklist:uncriterion",
    "ranklist:wanted",
    "ranklist:weigh",
    "ranklist:weighing",
    "remind:inbox",
    "rotation:again",
    "rotation:remind",
    "server:again",
    "server:event_again",
    "server:event_drop",
    "server:event_edit",
    "server:event_end",
    "server:event_own",
    "server:event_see",
    "server:event_voice",
    "server:progask",
    "server:progexport",
    "server:progkeep",
    "server:progremove",
    "server:take_back",
    "serverfaq:discard",
    "serverfaq:keep",
    "serverfaq:redraft",
    "slots:back",
    "slots:change",
    "slots:clock",
    "slots:discard",
    "slots:keep",
    "slots:move_to",
    "slots:open",
    "slots:reading",
    "slots:show",
    "specialty:share_state",
    "specialty:state",
}
"""What stands further away than the walk goes: behind a form that is sent, on a second page, on what went wrong. A new item is reached, or
named here."""

FORGED_EACH = 2
LEAST_FORGED = 40
"""How many kinds of items hold the id of a row of another server, at least."""

Offered = set[tuple[str, tuple[str, ...]]]


def arguments_of(world: World) -> dict[str, list[dict[str, Any]]]:
    """Return what each command is used with; fail where one with options is not named above."""
    found = leaves(world)
    assert {each.qualified_name for each in found if each.parameters} == set(ARGUMENTS)
    return {each.qualified_name: ARGUMENTS.get(each.qualified_name, [{}]) for each in found}


async def walked(circle: Circle, people: Iterable[Any], *, is_harmless: bool = False) -> tuple[str, Offered]:
    """Walk through a server as some of its people; return all that came back to them, and every item that was offered."""
    world, done, seen, offered = circle.world, set[tuple[str, tuple[str, ...]]](), list[str](), Offered()
    for who in people:
        await world.restart()  # forms that were opened and left would be waited for
        walk = Walk(world, who, circle.general, done=done, is_harmless=is_harmless)
        standing = [message for each in (circle.general, circle.news, circle.staff, who.user.dm_channel) for message in each.history()]
        await walk.everything(arguments_of(world), PROBES, standing)
        seen += walk.seen
        offered |= walk.offered
    return "\n".join(seen).casefold(), offered


async def in_conversation(world: World, who: Any) -> list[str]:
    """Use every command in the conversation with the bot; return what came back, and all that was ever sent there."""
    seen = list[str]()
    for name in who.user.available_commands():
        for given in ARGUMENTS.get(name, [{}]):
            result = await who.user.slash(name, **given)
            looked_at(result)
            seen.append(await all_of(result))
    return [*seen, *(message.content for message in who.user.dm_channel.history())]


async def rows_with(world: World, marks: Iterable[str]) -> dict[str, list[tuple[Any, ...]]]:
    """Return the stored rows in which one of some ids stands, by table."""
    wanted = set(marks)
    found: dict[str, list[tuple[Any, ...]]] = {}
    async with world.house.database.read() as connection:
        for table in metadata.sorted_tables:
            rows = [tuple(row) for row in (await connection.execute(sa.select(table))).all()]
            found[table.name] = sorted((row for row in rows if wanted & {str(value) for value in row}), key=repr)
    return found


async def two_servers(world: World) -> tuple[Circle, Circle]:
    return await filled(await a_circle(world, "papaya")), await filled(await a_circle(world, "quince"))


async def test_nothing_of_one_server_reaches_the_other(world: World) -> None:
    here, there = await two_servers(world)
    before = len(world.env.http_requests)
    sent = [*await in_conversation(world, there.member)]
    seen, offered = await walked(there, [there.moderator, there.advisor, there.member, there.other, there.manager])
    sent += [message.content for each in (there.general, there.news, there.staff) for message in each.history()]
    seen += "\n".join(sent).casefold()
    requests = " ".join(f"{each.path} {each.json}" for each in world.env.http_requests[before:]).casefold()

    assert has_any(seen, here.marks) == []
    assert has_any(requests, here.marks) == []
    assert has_any(seen, there.marks) == list(there.marks), "what is the server's own must have been seen, or the walk proves nothing"
    reached = {prefix_of(custom_id) for custom_id, _ in offered}
    assert set(ACTIONS) - reached == NOT_REACHED
    world.env.raise_errors()


async def test_nothing_of_one_member_reaches_another_and_nobody_elsewhere_can_touch_it(world: World) -> None:
    here, there = await two_servers(world)
    seen, offered = await walked(here, [*here.staff_people.values(), here.other], is_harmless=True)
    assert has_any(seen, here.own_marks) == []
    hers, more = await walked(here, [here.member], is_harmless=True)
    assert has_any(hers, here.own_marks) == list(here.own_marks)

    ids = (*here.rows, *here.own_rows)
    forged = [each for each in sorted(offered | more) if has_any(f"{each}", ids)]
    before = await rows_with(world, (*ids, str(here.guild.id), str(here.member.id)))
    assert all(any(row_id in f"{rows}" for rows in before.values()) for row_id in ids)
    people = [*there.staff_people.values(), there.member]
    counts = Counter[str]()
    for custom_id, values in forged:
        counts[prefix_of(custom_id)] += 1
        if counts[prefix_of(custom_id)] > FORGED_EACH:
            continue
        for who in people if custom_id.startswith(STAFFS) else [people[len(custom_id) % len(people)]]:
            result = await press(world, who, there.general, custom_id, values)
            looked_at(result)
            assert has_any((await all_of(result)).replace(custom_id, ""), here.marks[:2]) == []
    assert len(counts) > LEAST_FORGED
    assert await rows_with(world, (*ids, str(here.guild.id), str(here.member.id))) == before
    world.env.raise_errors()
