"""The form of ``/eligibility``: within Discord's limits, filled with what was answered, and nothing that was not ticked."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.eligibility.answers import Answers, Oet, OetPart, Way
from bot.domain.eligibility.packing import pack
from bot.domain.eligibility.questions import Field, page, pages, question
from bot.errors import UserFacingError
from cogs._ui.actions import ACTIONS
from cogs._ui.consent import AllowMessages
from cogs.eligibility._form import AnswersForm, chosen, with_values
from cogs.eligibility._shown import STALE, View, key_of
from tests.cogs.conftest import World, components, title
from tests.domain.eligibility.strategies import answers as any_answers
from tests.support.eligibility_cards import ANSWERS, press
from tests.support.reply_limits import assert_within_limits

THOROUGH = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


# --- the form


def test_few_answers_are_radios_and_many_a_select(world: World) -> None:
    kinds = {
        label["label"]: label["component"]["type"]
        for label in AnswersForm(pages(Way.UNITED_STATES)[0], ANSWERS, View.RESULT).to_dict()["components"]
    }
    assert kinds["Where is your medical school?"] == 21
    assert kinds["Your status in the United States"] == 3
    parts = AnswersForm(pages(Way.UNITED_STATES)[2], ANSWERS, View.RESULT).to_dict()["components"][0]
    assert parts["component"]["type"] == 22


@THOROUGH
@given(answers=any_answers)
def test_any_page_is_within_the_limits_and_comes_back_as_it_was(answers: Answers) -> None:
    for each in (*pages(answers.country), *([page(answers.country, "us4")] if answers.country is not Way.CANADA else [])):
        assert each is not None
        form = AnswersForm(each, answers, View.RESULT).to_dict()
        assert 1 <= len(form["title"]) <= 45
        assert 1 <= len(form["components"]) <= 5
        again = answers
        for label, field in zip(form["components"], each.fields, strict=True):
            control = label["component"]
            assert len(label["label"]) <= 45
            assert len(label["description"]) <= 100
            assert len(control["options"]) <= (25 if control["type"] == 3 else 10)
            assert all(1 <= len(option["label"]) <= 100 for option in control["options"])
            assert len({option["value"] for option in control["options"]}) == len(control["options"])
            again = with_values(again, field, [option["value"] for option in control["options"] if option.get("default")])
        for field in each.fields:
            assert again == replace(answers, **changed_fields(answers, again)), field


def changed_fields(before: Answers, after: Answers) -> dict[str, Any]:
    """Return what may differ after a form was opened and sent: years that are not offered by their number, and no part ticked."""
    allowed: dict[str, Any] = {}
    for name in ("graduation", "step1_year", "step2_year", "oet_year"):
        old, new = getattr(before, name), getattr(after, name)
        # A year before the first one named becomes "or earlier"; one after the last can't be: it is not known then.
        if old != new and old is not None and (new is None or new > old):
            allowed[name] = new
    if before.oet is not Oet.ONE_SITTING:
        allowed["oet_year"] = after.oet_year
    if not before.oet_parts:
        allowed["oet_parts"] = None if after.oet_parts is None else after.oet_parts
    if before.oet is Oet.ONE_SITTING and after.oet_year is None:
        allowed["oet"] = after.oet
    return allowed


def test_years_before_the_first_that_is_named_stay_early() -> None:
    asked = question(Field.GRADUATION, 2027)
    (value,) = chosen(asked, replace(ANSWERS, graduation=1990))
    assert value in {option.value for option in asked.options}
    assert with_values(ANSWERS, Field.GRADUATION, [value]).graduation < 2007
    (sitting,) = chosen(question(Field.OET, 2027), replace(ANSWERS, oet=Oet.ONE_SITTING, oet_year=2015))
    assert with_values(ANSWERS, Field.OET, [sitting]).oet_year < 2025


@pytest.mark.parametrize(
    ("values", "parts"),
    [
        (["listening", "writing"], frozenset((OetPart.LISTENING, OetPart.WRITING))),
        (["unknown"], None),
        (["listening", "unknown"], None),
        ([], None),
    ],
)
def test_parts_are_claimed_only_where_she_ticked_them_and_nothing_else(values: list[str], parts: frozenset[OetPart] | None) -> None:
    assert with_values(replace(ANSWERS, oet_parts=frozenset(OetPart)), Field.OET_PARTS, values).oet_parts == parts


def test_a_form_that_sends_what_was_never_offered_is_refused() -> None:
    for field, values in (
        (Field.SCHOOL, ["moon"]),
        (Field.SCHOOL, ["us", "canada"]),
        (Field.GRADUATION, ["3000"]),
        (Field.OET, ["one_sitting-1"]),
    ):
        with pytest.raises(UserFacingError):
            with_values(ANSWERS, field, values)


# --- stale and forged


PACKED = pack(ANSWERS)
FORGED = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=70),
    st.from_regex(r"[a-z]?[a-z0-9]{0,6}-[0-9a-z]{0,64}", fullmatch=True),
    st.just(key_of(replace(ANSWERS, match_year=1999), View.RESULT)),
    st.sampled_from(
        [
            f"r99-{PACKED}",
            f"z-{PACKED}",
            f"gus9-{PACKED}",
            f"gus4-{PACKED}",
            f"rfirst-{PACKED}",
            f"g-{PACKED}",
            f"r٣-{PACKED}",
            f"r-{PACKED}0",
        ]
    ),
)


async def press_forged(world: World, prefix: str, key: str) -> Any:
    """Put a key in behind Discord's own check, under a button of another card: it may be as old or as odd as can be."""
    host = (await world.amira.slash(world.general, "remind settings")).response

    async def callback(_self: Any, interaction: Any) -> None:
        await ACTIONS[f"eligibility:{prefix}"](key[:80]).callback(interaction)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(AllowMessages, "callback", callback)
        return await world.amira.click(host, label="Allow direct messages")


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=FORGED, prefix=st.sampled_from(["show", "form", "country", "save", "tell", "share"]))
async def test_any_forged_key_ends_in_a_reply(world: World, key: str, prefix: str) -> None:
    result = await press_forged(world, prefix, key)
    assert result.modal is not None or result.response is not None
    if result.modal is None:
        assert_within_limits(components(result))
        assert title(result) != "Something went wrong on my side."
    if prefix == "save":
        assert title(result) in ("Saved", STALE.what_happened)


@pytest.mark.parametrize("key", [f"gus4-{PACKED}", f"gca1-{PACKED}", f"aca2-{PACKED}", f"a-{PACKED}", "gus1-", "gus1"])
async def test_a_page_that_is_not_hers_opens_no_form(world: World, key: str) -> None:
    result = await press_forged(world, "form", key)
    assert result.modal is None
    assert title(result) == STALE.what_happened


async def test_a_rule_that_is_gone_is_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    card = await world.amira.slash(world.general, "eligibility explain", rule="us-oet")
    listed = await world.amira.slash(world.general, "eligibility explain")
    monkeypatch.delitem(world.services.catalogue.rules, "us-oet")
    assert title(await press(world, card, "Share here")) == "That rule is not held any more."
    gone = await world.amira.select(listed.response, ["us-oet"], custom_id="eligibility:rule:us")
    assert title(gone) == "That rule is not held any more."
