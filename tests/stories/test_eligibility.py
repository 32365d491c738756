"""Eligibility over real sockets: the form, the result, saving, a restart, and a change that is told once."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.domain.eligibility.saved import Outcome, Saved
from bot.domain.eligibility.verdicts import Verdict
from bot.storage.database import Database
from bot.storage.eligibility import EligibilityRepository, Rechecked
from bot.storage.encryption import Cipher
from tests.support.bot_process import BotProcess, running_bot
from tests.support.sandbox import Person, Reply, Sandbox
from tests.support.waiting import wait_for

NOVEMBER = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FIRST = {
    "Where is your medical school?": "other",
    "Year in which you finish medical school": ["2019"],
    "Your school in the World Directory": "with_note",
    "Your status in the United States": ["visa_needed"],
    "Application for ECFMG Certification": "approved",
}
EXAMS = {
    "USMLE Step 1": ["passed_1"],
    "Year in which you passed Step 1": ["2024"],
    "USMLE Step 2 CK": ["booked"],
    "OET Medicine": ["booked"],
}
SEASON = {
    "OET parts at the required grade": ["listening", "reading"],
    "ECFMG Pathway": ["applied"],
    "Your applications this season": "applied",
}
TOLD = "A rule or a date behind your saved eligibility answers has changed"


@pytest.fixture
async def bot(sandbox: Sandbox, tmp_path: Path) -> Any:
    await sandbox.move_to(NOVEMBER)
    async with running_bot(sandbox.url, tmp_path / "data") as process:
        yield process


async def checked(person: Person) -> Reply:
    """Go through the form, page after page; return the result."""
    await person.command("start", zone="Africa/Cairo")
    step = await person.command("eligibility check")
    pages = (
        ("United States", FIRST),
        ("Page 2: Exams", EXAMS),
        ("Page 3: Certification and this season", SEASON),
    )
    for label, fields in pages:
        step = await person.submit(await person.click(step, label), fields)
    return step


async def as_if_checked_before(bot: BotProcess) -> None:
    """Let what she saved look as if it was checked with other rules, under which her registration counted."""
    database = Database.open(f"sqlite+aiosqlite:///{bot.data_dir / 'matchday.sqlite3'}")
    repository = EligibilityRepository(database, Cipher.from_key_file(bot.data_dir / "matchday.key"))
    (before,) = await repository.checked_with_others("", -1, 10)
    outcomes = {**before.outcomes, "us-nrmp": Outcome(Verdict.MET)}
    older: Saved = replace(before, outcomes=outcomes, checked_with="older rules")
    assert await repository.settle([Rechecked(before, older)]) == 1
    await database.close()


async def told(person: Person) -> list[str]:
    return [message["content"] for message in await person.messages() if message["content"].startswith(TOLD)]


async def test_from_the_first_page_to_the_plan_and_nothing_is_stored(sandbox: Sandbox, bot: BotProcess) -> None:
    amira = sandbox.person("amira")
    result = await checked(amira)
    assert "United States: non-US IMG." in result.text
    assert "Not yet: Step 2 CK is booked." in result.text
    second = await amira.click(result, "Later")
    assert "page 2 of" in second.text
    plan = await amira.click(second, "What is still missing")
    assert "a day of our own planning; no rule names one." in plan.text
    reminder = await amira.select(plan, "us-oet")
    assert "Reminder set" in reminder.text
    assert "Nothing of your eligibility is saved." in (await amira.command("eligibility saved")).text
    await bot.stop()
    await bot.start()
    assert "United States: non-US IMG." in (await amira.click(plan, "Back to the result")).text


async def test_a_change_is_told_once_however_often_the_bot_ends(sandbox: Sandbox, bot: BotProcess) -> None:
    amira = sandbox.person("amira")
    saved = await amira.click(await checked(amira), "Save")
    on = await amira.click(saved, "Tell me when a rule or date changes")
    await amira.click(on, "Allow direct messages")
    await wait_for(amira.messages)

    await bot.stop()
    await as_if_checked_before(bot)
    await bot.begin()
    await bot.kill()
    await bot.start()
    (text,) = await wait_for(lambda: told(amira), 20)
    assert "- NRMP registration: unknown, was met" in text
    await bot.stop()
    await bot.start()
    assert "The rules give the same as at the last check." in (await amira.command("eligibility saved")).text
    assert len(await told(amira)) == 1


async def test_every_page_of_every_country_is_a_form_that_discord_takes(sandbox: Sandbox, bot: BotProcess) -> None:
    """The sandbox holds each form to Discord's published description; a violation fails the test at its end."""
    diego = sandbox.person("diego")
    step = await diego.command("eligibility check")
    form = await diego.click(step, "United States and Canada")
    for title in ("Exams", "Certification and this season", "You in Canada", "Exams and province", "Service and references"):
        step = await diego.submit(form, {})
        label = next(each for each in labels_of(step) if each.endswith(f": {title}"))
        form = await diego.click(step, label)
    result = await diego.submit(form, {})
    assert "Eligibility, 2027 Match, page 1 of" in result.text
    assert "CaRMS" in result.text
    details = await diego.submit(await diego.click(result, "Visa and start"), {"Which visa do you have in mind?": "h1b"})
    answers = await diego.click(details, "Change answers")
    assert "Which visa do you have in mind?: H-1B" in answers.text


def labels_of(reply: Reply) -> list[str]:
    return [line for line in reply.text.splitlines() if line.startswith("Page ")]
