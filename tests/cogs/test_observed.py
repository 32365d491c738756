"""What those who run the bot see of what a member does: each command, autocomplete, click and form once, with how it ended."""

import json
import logging

import pytest

from bot.client import MatchdayClient
from bot.observing import logs
from bot.observing.interactions import Handled, current
from bot.observing.observer import Observer
from bot.storage.reminders import ReminderRepository
from tests.cogs.conftest import World, text
from tests.cogs.test_letters_board import letter_card
from tests.support.rotation_cards import fill_form


class Noted(Observer):
    """Keep what ended."""

    def __init__(self) -> None:
        super().__init__()
        self.ended: list[Handled] = []

    def interaction_ended(self, handled: Handled) -> None:
        self.ended.append(handled)

    def told(self) -> list[tuple[str, str, str]]:
        return [(str(each.kind), each.name, str(each.result)) for each in self.ended]


@pytest.fixture
def noted(world: World, simcord_bot: MatchdayClient) -> Noted:
    noted = Noted()
    simcord_bot.observer = noted
    return noted


async def broken(*_given: object) -> None:
    raise RuntimeError("the inside")


async def test_each_is_told_once_with_its_name_and_how_it_ended(world: World, noted: Noted, monkeypatch: pytest.MonkeyPatch) -> None:
    card = (await world.amira.slash(world.general, "countdown", event="rank list")).response
    await world.amira.select(card, ["3d"])
    await world.amira.autocomplete(world.general, "countdown", "event", "rank")
    await world.amira.slash(world.general, "remind me", when="on no day", what="a letter")
    form = await world.amira.slash(world.general, "programs add")
    await fill_form(world.amira, form, program="Elm Clinic")
    settings = (await world.amira.slash(world.general, "remind settings")).response
    await world.amira.click(settings, label="Allow direct messages")
    for name in ("page_of", "get"):
        monkeypatch.setattr(ReminderRepository, name, broken)
    await world.amira.slash(world.general, "remind list")
    assert noted.told() == [
        ("command", "countdown", "answered"),
        ("select", "countdown", "answered"),
        ("autocomplete", "countdown", "answered"),
        ("command", "remind me", "refused"),
        ("command", "programs add", "answered"),
        ("form", "programs", "answered"),
        ("command", "remind settings", "answered"),
        ("button", "messages", "answered"),
        ("command", "remind list", "failed"),
    ]
    assert len({each.id for each in noted.ended}) == len(noted.ended)


async def test_a_form_that_is_refused_and_kept_is_told_as_refused(world: World, noted: Noted) -> None:
    card = await letter_card(world, writer="Dr. Osei")
    opened = await world.amira.click(card, label="The writer")
    fields = {each["label"]: each["component"]["custom_id"] for each in opened.modal["components"]}
    noted.ended.clear()
    await world.amira.submit_modal(opened, {fields["The writer"]: "A1B2C3D4E5"})
    assert noted.told() == [("form", "letters", "refused")]


async def test_one_that_discord_takes_no_answer_to_is_told_as_late(world: World, noted: Noted) -> None:
    world.env.inject_error("POST", "/interactions/*/*/callback", status=404, code=10062, message="Unknown interaction", times=None)
    await world.amira.slash(world.general, "countdown", event="rank list")
    assert noted.told() == [("command", "countdown", "late")]


async def test_a_member_is_shown_the_id_that_stands_in_the_log(world: World, noted: Noted, monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[str] = []
    formatter = logs.JsonFormatter()
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(formatter.format(record))  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    try:
        for name in ("page_of", "get"):
            monkeypatch.setattr(ReminderRepository, name, broken)
        result = await world.amira.slash(world.general, "remind list")
    finally:
        logging.getLogger().removeHandler(handler)
    (failed,) = noted.ended
    assert f"the code {failed.id}" in text(result)
    (line,) = [each for each in map(json.loads, lines) if each["message"].startswith("failure ")]
    assert (line["interaction"], line["message"]) == (failed.id, f"failure {failed.id} in remind list")
    assert line["error"] == "RuntimeError: the inside"  # these words stand in the source
    assert current() is None, "nothing of it is left over for what comes next"
