"""An unmodified discord.py, with no code of ours, uses every part of the sandbox."""

import base64
from collections.abc import AsyncIterator

import pytest

from tests.support.bare_bot import PICTURE, Bare, running
from tests.support.sandbox import Refused, Sandbox, components_of, text_of
from tests.support.waiting import wait_for


@pytest.fixture
async def bot(pointed: Sandbox) -> AsyncIterator[Bare]:
    async with running(Bare()) as client:
        yield client


async def test_commands_are_registered_and_answered(sandbox: Sandbox, bot: Bare) -> None:
    view = await sandbox.person("amira").view()
    assert {"ping", "tell", "book", "board", "form"} <= {each["name"] for each in view["commands"]}
    reply = await sandbox.person("amira").command("ping")
    assert (reply.state, reply.text) == ("replied", "pong")


async def test_every_kind_of_option_arrives_and_ephemeral_stays_hers(sandbox: Sandbox, bot: Bare) -> None:
    amira, diego = sandbox.person("amira"), sandbox.person("diego")
    people = {each["username"]: each["id"] for each in await sandbox.call("GET", "/people")}
    place = await amira.channel_id("match-week")
    reply = await amira.command("tell", text="Hello", number=7, colour="blue", member=people["diego"], place=place, loud=True)
    assert "7 blue True" in reply.text
    assert "who Diego Rojas" in reply.text
    assert "where match-week" in reply.text
    assert reply.message is not None
    assert reply.message["id"] in {each["id"] for each in await amira.messages("general")}
    assert reply.message["id"] not in {each["id"] for each in await diego.messages("general")}


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("tell", {}),
        ("tell", {"text": "x", "number": 11}),
        ("tell", {"text": "x", "colour": "mauve"}),
        ("tell", {"text": "x", "what": 1}),
        ("nothing", {}),
    ],
)
async def test_options_that_discord_would_not_send_are_refused(
    sandbox: Sandbox, bot: Bare, command: str, options: dict[str, object]
) -> None:
    with pytest.raises(Refused):
        await sandbox.person("amira").command(command, **options)


async def test_a_subcommand_completes_what_is_typed(sandbox: Sandbox, bot: Bare) -> None:
    amira = sandbox.person("amira")
    assert [each["name"] for each in await amira.autocomplete("book find", "title", title="harr")] == ["Harrison's Principles"]
    assert len(await amira.autocomplete("book find", "title", title="")) == 3
    assert (await amira.command("book find", title="First Aid")).text == "Found First Aid"


async def test_buttons_and_menus_update_the_message(sandbox: Sandbox, bot: Bare) -> None:
    amira = sandbox.person("amira")
    board = await amira.command("board")
    clicked = await amira.click(board, "Count")
    assert (clicked.state, clicked.message and clicked.message["content"]) == ("updated", "Counted 1")
    clicked = await amira.click(clicked, "Count")
    assert clicked.message is not None
    assert clicked.message["content"] == "Counted 2"
    assert (await amira.select(board, "A", "C")).text == "Chose A, C"
    later = await amira.click(board, "Later")
    assert later.message is not None
    assert later.message["content"] == "Edited later 0"


async def test_a_form_with_every_field(sandbox: Sandbox, bot: Bare) -> None:
    amira = sandbox.person("amira")
    opened = await amira.click(await amira.command("board"), "Form")
    assert opened.state == "modal"
    given = {"Name": "Amira", "Note": "", "Year": ["2028"], "Country": "ca", "Topics": ["exams", "letters"]}
    assert (await amira.submit(opened, given)).text == "Thank you, Amira"
    assert bot.form == {"name": "Amira", "note": "", "year": ["2028"], "country": "ca", "topics": ["exams", "letters"]}
    again = await amira.command("form")
    with pytest.raises(Refused):
        await amira.submit(again, {**given, "Name": ""})
    with pytest.raises(Refused):
        await amira.submit(again, {**given, "Name": "x" * 21})


async def test_a_form_with_a_checkbox_and_a_file(sandbox: Sandbox, bot: Bare) -> None:
    amira = sandbox.person("amira")
    opened = await amira.command("form", papers=True)
    file = {"filename": "cv.txt", "content_base64": base64.b64encode(b"four").decode(), "content_type": "text/plain"}
    assert (await amira.submit(opened, {"Agreed": True, "Paper": [file]})).text == "True ['cv.txt'] [4]"


async def test_a_deferred_reply_is_edited_and_followed_up(sandbox: Sandbox, bot: Bare) -> None:
    amira = sandbox.person("amira")
    first = await amira.command("slow")
    assert first.message is not None

    async def all_there() -> bool:
        return any(each["content"].startswith("It said") for each in await amira.messages("general"))

    await wait_for(all_there)
    assert [each["content"] for each in await amira.messages("general")] == ["Done", "One more, edited", "It said Done"]
    assert await sandbox.person("diego").messages("general") == []


async def test_files_are_stored_shown_and_replaced(sandbox: Sandbox, bot: Bare) -> None:
    amira = sandbox.person("amira")
    await amira.command("files")

    async def replaced() -> bool:
        return (await amira.messages("general"))[-1]["content"] == "Replaced"

    await wait_for(replaced)
    message = (await amira.messages("general"))[-1]
    assert [each["filename"] for each in message["attachments"]] == ["new.txt"]
    sent = [each for each in await sandbox.record(path="/callback") if each["files"]]
    assert [each["filename"] for each in sent[0]["files"]] == ["dot.png", "table.csv"]


async def test_components_v2(sandbox: Sandbox, bot: Bare) -> None:
    amira = sandbox.person("amira")
    shown = await amira.command("layout")
    assert shown.message is not None
    assert "## Once" in shown.text
    assert {each["type"] for each in components_of(shown.message)} == {1, 2, 5, 9, 10, 11, 12, 13, 14, 17}
    pictures = [each for each in shown.message["attachments"] if each["filename"] == "dot.png"]
    found = await bot.http.get_from_cdn(pictures[0]["url"])
    assert found == PICTURE
    changed = await amira.click(shown, "Again")
    assert changed.message is not None
    assert "## Twice" in text_of(changed.message)
    people = {each["username"]: each["id"] for each in await sandbox.call("GET", "/people")}
    assert (await amira.select(changed, people["helen"])).text == "Chose Dr. Helen Osei"


async def test_direct_messages_and_nonce(sandbox: Sandbox, bot: Bare) -> None:
    amira = sandbox.person("amira")
    for _ in range(2):
        assert (await amira.command("write", text="Once only", nonce="abc")).text == "Written"
    assert (await amira.command("write", text="Without", channel="dm")).text == "Written"
    kept = [each for each in await sandbox.messages() if each["recipient_id"]]
    assert [each["content"] for each in kept if each["content"] != "Written"] == ["Once only", "Without"]
    assert kept[0]["nonce"] == "abc"
    assert {each["channel_id"] for each in kept} == {await amira.open_dm()}


async def test_closed_dms_are_refused(sandbox: Sandbox, bot: Bare) -> None:
    amira = sandbox.person("amira")
    await amira.close_dms()
    assert (await amira.command("write", text="x")).text == "Refused: 50007"
    await amira.open_dms()
    assert (await amira.command("write", text="x")).text == "Written"
    await sandbox.change_person("amira", in_guild=False)
    me = int((await sandbox.call("GET", "/people"))[0]["id"])
    answer = await wait_for_refusal(bot, me)
    assert answer == 50278


async def wait_for_refusal(bot: Bare, user_id: int) -> int:
    import discord

    user = await bot.fetch_user(user_id)
    with pytest.raises(discord.Forbidden) as refused:
        await user.send("x")
    return refused.value.code


async def test_content_is_hidden_without_the_intent(sandbox: Sandbox, bot: Bare) -> None:
    amira = sandbox.person("amira")
    await amira.say("secret")
    await amira.say(f"<@{bot.application_id}> hello")
    await amira.say("in private", channel="dm")
    await wait_for(lambda: len(bot.heard) == 3)
    assert [each.content for each in bot.heard] == ["", f"<@{bot.application_id}> hello", "in private"]


async def test_no_answer_fails_after_three_seconds(sandbox: Sandbox, bot: Bare) -> None:
    reply = await sandbox.person("amira").command("broken")
    assert reply.state == "failed"


async def test_guild_data_carries_only_the_bot_as_member(sandbox: Sandbox, bot: Bare) -> None:
    guild = bot.guilds[0]
    assert guild.name == "Residency Circle"
    assert [each.id for each in guild.members] == [bot.application_id]
    assert {"general", "match-week", "announcements"} <= {each.name for each in guild.text_channels}
