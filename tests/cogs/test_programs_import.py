"""``/programs import`` and export, ``/server programs`` and copying from it: reports, files to mend, isolation, who may."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import discord
import pytest
import simcord

from bot.domain.program_csv import MAX_BYTES, MAX_ROWS
from bot.domain.servers import Deed
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.program_cards import a_program
from tests.support.reply_limits import assert_nobody_is_mentioned, assert_within_limits
from tests.support.rotation_cards import choose, file_of, messages_of, said

GOOD = b"program,specialty,visa,state\nElm Clinic,IM,J-1,NY\nOak,FM,,\n"
MIXED = b"program,specialty,visa,mood\nElm Clinic,IM,J-1,x\nAsh,IM,H-2B,=1+1\n,IM,,\n"


@pytest.fixture
def priya(world: World) -> Any:
    role = world.guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    return world.guild.add_member(world.env.create_user("priya"), roles=[role])


@dataclass(frozen=True)
class Elsewhere:
    """Hold amira as she is in another server, and a channel there."""

    amira: Any
    channel: Any


@pytest.fixture
def elsewhere(world: World) -> Elsewhere:
    guild = world.env.create_guild("Other Circle")
    return Elsewhere(guild.add_member(world.amira.user), guild.create_text_channel("general"))


async def send(world: World, content: bytes, who: Any = None, **options: Any) -> simcord.InteractionResult:
    result = await (who or world.amira).slash(world.general, "programs import", file=("programs.csv", content), **options)
    for message in messages_of(result):
        assert_within_limits(components(message))
    return result


async def names(world: World, member: Any = None) -> list[str]:
    return sorted(each.name for each in await world.services.programs.of((member or world.amira).id, 2027))


async def publish(world: World, priya: Any, content: bytes = GOOD, **options: Any) -> simcord.InteractionResult:
    return await priya.slash(world.general, "server programs", file=("list.csv", content), **options)


async def listed(world: World, who: Any = None, where: Any = None) -> Any:
    return (await (who or world.amira).slash(where or world.general, "programs list")).response


# --- a member's own file


async def test_without_a_file_it_says_how_and_hands_a_template_over(world: World) -> None:
    message = (await world.amira.slash(world.general, "programs import")).response
    assert "Commas, semicolons or tabs; UTF-8, UTF-16 or Windows-1252" in text(message)
    result = await world.amira.click(message, label="Template")
    name, content = await file_of(result)
    assert name == "matchday-programs-template.csv"
    assert content.lstrip("\ufeff").startswith("program,specialty,track,state,service,code,link,visa,years since graduation")


async def test_a_file_is_taken_over_with_a_report_and_taken_back(world: World) -> None:
    result = await send(world, GOOD)
    assert "Import, 2027 Match: 2 added, 0 updated" in said(result)
    assert await names(world) == ["Elm Clinic", "Oak"]
    card = messages_of(result)[-1]
    await world.amira.click(card, label="Take this import back")
    assert "**Taken back.**" in text(card)
    assert await names(world) == []


async def test_rows_that_can_not_be_read_come_back_with_what_to_mend(world: World) -> None:
    result = await send(world, MIXED)
    shown = said(result)
    assert "3 rows read.\n**To mend: 2.** The others are kept." in shown
    assert "- **Row 3** (Ash): visa: “h 2b” is no visa" in shown or "- **Row 3** (Ash): visa: “h-2b” is no visa" in shown
    assert "- **Row 4**: program: The program has no name. Write its name as you call it." in shown
    assert "Columns that I don't know were left out: “mood”." in shown
    name, content = await file_of(result)
    assert name == "matchday-rows-to-mend.csv"
    lines = content.splitlines()
    assert lines[0].lstrip("\ufeff") == "program,specialty,visa,mood,what to mend"
    assert lines[1].startswith("Ash,IM,H-2B,'=1+1,")
    mended = await send(world, content.replace("H-2B", "H-1B").encode())
    assert "1 added, 0 updated" in said(mended)
    assert await names(world) == ["Ash", "Elm Clinic"]


async def test_twice_the_same_is_said(world: World) -> None:
    await send(world, GOOD)
    assert "0 added, 0 updated" in said(await send(world, GOOD))
    changed = await send(world, b"program,notes\nElm Clinic,new\nELM CLINIC,newer\n")
    assert "0 added, 1 updated" in said(changed)
    assert "Of a program that an earlier row of the file names too: 1 (row 3)." in said(changed)
    skipped = await send(world, b"program,notes\nElm Clinic,again\n", same="skip")
    assert "Skipped, since the program stands on the list already: 1 (row 2)." in said(skipped)
    assert "newer" in {each.notes for each in await world.services.programs.of(world.amira.id, 2027)}


async def test_by_taps_with_the_form(world: World) -> None:
    message = await listed(world)
    await world.amira.click(message, label="Import a file")
    form = await world.amira.click(message, label="Send a file")
    assert form.modal is not None
    file, same = [each["component"]["custom_id"] for each in form.modal["components"]]
    result = await world.amira.submit_modal(form, {file: ("programs.csv", GOOD), same: ["skip"]})
    assert "2 added" in said(result)


@pytest.mark.parametrize(
    ("content", "heading"),
    [
        (b"PK\x03\x04", "That is a workbook, not a CSV file."),
        (b"x" * (MAX_BYTES + 1), "The file has more than 2 MB."),
        (b"program\n" + b"a\n" * (MAX_ROWS + 1), "The file has 1,001 rows; 1,000 are read at once."),
    ],
)
async def test_a_file_that_is_none_is_refused_and_nothing_is_lost(world: World, content: bytes, heading: str) -> None:
    await send(world, GOOD)
    assert title(messages_of(await send(world, content))[-1]) == heading
    assert await names(world) == ["Elm Clinic", "Oak"]


async def test_a_file_of_hostile_rows_is_reported_within_the_limits(world: World) -> None:
    hostile = "@everyone <@1> *_~`|](https://evil.example)" * 6
    rows = "".join(f'"{hostile}","{hostile}","{hostile}","{hostile}"\n' for _ in range(50))
    result = await send(world, f'program,visa,state,"{hostile}"\n{rows}'.encode())
    assert "and 42 more, in the file" in said(result)
    assert "](https://evil" not in said(result)
    assert_nobody_is_mentioned(world.env.http_requests)


async def test_an_export_comes_back_in_and_holds_no_formula(world: World) -> None:
    await world.services.members.set_target_year(world.amira.id, 2027)
    await world.services.programs._programs.add(a_program(member_id=world.amira.id, notes="=cmd()"), most=9)
    name, content = await file_of(await world.amira.click(await listed(world), label="Export"))
    assert name == "matchday-programs-2027.csv"
    assert "'=cmd()" in content
    assert "basics: FREIDA (2026-11-01)" in content
    assert "Without anything new: 1." in said(await send(world, content.encode()))
    assert "visa" in (await world.services.mydata.export(world.amira.id)).decode()


# --- a server's list


async def test_a_manager_publishes_and_the_audit_says_so(world: World, priya: Any) -> None:
    card = (await priya.slash(world.general, "server programs")).response
    assert title(card) == "No programs are listed here"
    _, template = await file_of(await priya.click(card, label="Template"))
    assert template.lstrip("\ufeff").startswith("program,specialty,track,state,service,code,link,notes\n") or "notes\r\n" in template
    result = await publish(world, priya, MIXED)
    assert "This server lists 2 programs: 2 added, 0 updated" in said(result)
    assert (await file_of(result))[0] == "matchday-rows-to-mend.csv"
    (deed, *_), _ = await world.services.servers.deeds(world.guild.id, 5)
    assert (deed.what, deed.detail) == (Deed.PROGRAMS_PUBLISHED, {"added": "2", "updated": "0", "in all": "2"})
    assert "Columns that I don't know were left out: “visa”, “mood”." in said(result)
    card = (await priya.slash(world.general, "server programs")).response
    assert title(card) == "Programs that this server lists (2)"
    assert_within_limits(components(card))
    assert "programs published" in text(await priya.slash(world.general, "server audit"))


async def test_a_published_list_is_replaced_taken_as_a_file_and_taken_down(world: World, priya: Any) -> None:
    await publish(world, priya)
    await publish(world, priya, b"program\nBirch\n", replace=True)
    card = (await priya.slash(world.general, "server programs")).response
    assert "Birch" in (await file_of(await priya.click(card, label="As a file")))[1]
    await priya.click(card, label="Take it down")
    await priya.click(card, label="Keep it")
    assert title(card) == "Programs that this server lists (1)"
    world.clock.advance(timedelta(minutes=1))
    await priya.click(card, label="Take it down")
    await priya.click(card, label="Take it down")
    assert "**The list is taken down.**" in text(card)
    assert await world.services.programs.lists.of(world.guild.id) is None
    assert (await world.services.servers.deeds(world.guild.id, 1))[0][0].what is Deed.PROGRAMS_REMOVED


async def test_only_managers_publish_and_take_down_also_from_an_old_card(world: World, priya: Any) -> None:
    from cogs._ui.cards import card
    from cogs.server._programs import AskTakeDown, ServerListFile, ServerTemplate, TakeDown

    await publish(world, priya)
    buttons = [kind(label=kind.__name__) for kind in (AskTakeDown, ServerListFile, ServerTemplate, TakeDown)]
    old = await world.env.bot.get_channel(world.general.id).send(view=card("old", rows=[buttons]))
    for button in buttons:
        refused = await world.amira.click(old, label=button.item.label)
        assert title(refused) == "Only managers of this server set it up."
    assert await world.services.programs.lists.of(world.guild.id) is not None


async def test_members_copy_from_their_servers_list_and_it_says_whose_it_is(world: World, priya: Any) -> None:
    await publish(world, priya, b"program,specialty,state,link,notes\nElm Clinic,IM,NY,https://elm.example.org,takes *IMGs*\nOak,FM,,,\n")
    message = await listed(world)
    assert "This server's list (2)" in labels(message)
    await world.amira.click(message, label="This server's list (2)")
    assert title(message) == "Programs that Residency Circle lists (2)"
    assert "Kept by this server's moderators, as of 22 Nov 2026; not checked by Matchday." in text(message)
    assert "takes \\*IMGs\\*" in text(message)
    (first, _) = next(each for each in components(message) if each["type"] == 3)["options"]
    await choose(world.amira, message, "Copy to your list", first["value"])
    assert "**Copied:** 1 to your list." in text(message)
    assert "on your list" in text(message)
    await world.amira.click(message, label="Copy all 1 of this page")
    assert await names(world) == ["Elm Clinic", "Oak"]
    assert_within_limits(components(message))
    await world.amira.click(message, label="Your list")
    options = next(each for each in components(message) if each.get("placeholder") == "Open a program")["options"]
    await choose(world.amira, message, "Open a program", options[0]["value"])
    assert "-# list of the server Residency Circle, not checked by Matchday, 22 Nov 2026" in text(message)


async def test_a_list_is_not_seen_in_another_server_nor_in_direct_messages(world: World, priya: Any, elsewhere: Elsewhere) -> None:
    await publish(world, priya)
    assert "This server's list (2)" not in labels(await listed(world, elsewhere.amira, elsewhere.channel))
    assert "This server's list (2)" not in labels((await world.amira.user.slash("programs list")).response)
    message = await listed(world)
    await world.amira.click(message, label="This server's list (2)")
    (copy,) = [each for each in components(message) if each.get("label") == "Copy all 2 of this page"]
    from cogs._ui.cards import card
    from cogs.programs._server_list import CopyPage

    forged = CopyPage(copy["custom_id"].removeprefix("programs:copypage:"), label="Copy")
    there = await world.env.bot.get_channel(elsewhere.channel.id).send(view=card("old", rows=[[forged]]))
    assert title(await elsewhere.amira.click(there, label="Copy")) == "This server's list has changed."
    assert await names(world) == []


async def test_a_list_that_changed_since_is_said_to_have(world: World, priya: Any) -> None:
    await publish(world, priya)
    message = await listed(world)
    await world.amira.click(message, label="This server's list (2)")
    entry = next(each for each in components(message) if each["type"] == 3)["options"][0]["value"]
    await publish(world, priya, b"program\nBirch\n", replace=True)
    assert title(await choose(world.amira, message, "Copy to your list", entry)) == "This server's list has changed."


async def test_the_longest_list_of_a_server_is_within_the_limits(world: World, priya: Any) -> None:
    link = "https://x.example.org/" + "a" * 170
    rows = "".join(f"{number:03}{'*' * 70},child neuro,transitional,NL,ResidencyCAS,{link},{'~' * 500}\n" for number in range(45))
    result = await publish(world, priya, f"program,specialty,track,state,service,link,notes\n{rows}".encode())
    assert "45 added" in said(result)
    message = await listed(world)
    await world.amira.click(message, label="This server's list (45)")
    for _ in range(4):
        assert_within_limits(components(message))
        assert len(text(message)) + 60 <= 4_000
        await world.amira.click(message, label="Copy all 8 of this page")
        assert len(text(message)) + 60 <= 4_000
        await world.amira.click(message, label="Next")
    assert len(await names(world)) == 32
