"""The way through ``/eligibility`` as a member goes it: forms filled by the words of their questions."""

from typing import Any

import simcord

from bot.domain.eligibility.answers import Answers, Eras, Listing, Oet, School, Step, UsStatus
from bot.domain.eligibility.packing import unpack
from bot.domain.eligibility.questions import Field, pages, question, values_of
from bot.domain.member import Country
from tests.cogs.conftest import World, components

ANSWERS = Answers(
    2027,
    school=School.OTHER,
    graduation=2019,
    us_status=UsStatus.VISA_NEEDED,
    listing=Listing.WITH_NOTE,
    step1=Step.PASSED_1,
    step1_year=2024,
    step2=Step.BOOKED,
    oet=Oet.NOT_TAKEN,
    eras=Eras.APPLIED,
)
WAITING_LINE = 60
"""Room for the line that says that something waits in the inbox."""
RADIO = 21


async def aims(world: World, *countries: Country) -> None:
    await world.services.members.set_zone(world.amira.id, "Africa/Cairo")
    await world.services.members.set_countries(world.amira.id, frozenset(countries))


def controls(form: simcord.InteractionResult) -> dict[str, dict[str, Any]]:
    """Return the controls of a form by their labels."""
    assert form.modal is not None, "no form was opened"
    return {label["label"]: label["component"] for label in form.modal["components"]}


def ticked(form: simcord.InteractionResult) -> dict[str, list[str]]:
    return {label: [option["value"] for option in control["options"] if option.get("default")] for label, control in controls(form).items()}


async def fill(world: World, form: simcord.InteractionResult, answers: Answers, *fields: Field) -> simcord.InteractionResult:
    """Send a form with some questions answered as in ``answers``; the others are left open."""
    named = controls(form)
    values: dict[str, Any] = {}
    for field in fields:
        given_ = list(values_of(answers, field))
        control = named[question(field, answers.match_year).title]
        values[control["custom_id"]] = given_[0] if control["type"] == RADIO else given_
    return await world.amira.submit_modal(form, values)


async def press(world: World, result: Any, label: str) -> simcord.InteractionResult:
    return await world.amira.click(result.response, label=label)


async def checked(world: World, answers: Answers = ANSWERS) -> simcord.InteractionResult:
    """Go the whole way to a result, page after page."""
    step = await world.amira.slash(world.general, "eligibility check")
    for number, each in enumerate(pages(answers.country), 1):
        form = await press(world, step, f"Page {number}: {each.title}")
        step = await fill(world, form, answers, *each.fields)
    return step


def packed_in(result: Any) -> Answers:
    """Return the answers that a card carries."""
    found = {each["custom_id"].rpartition("-")[2] for each in components(result) if each.get("custom_id", "").startswith("eligibility:")}
    (packed,) = {each for each in found if each}
    return unpack(packed)
