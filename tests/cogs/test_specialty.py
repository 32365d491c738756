"""``/specialty show``: figures with year, source and certainty; nobody is shown another group's outcomes as hers."""

import pytest

from cogs._ui.cards import MAX_TEXT
from cogs.specialty._words import Audience
from tests.cogs.conftest import World, components, labels, text, title
from tests.support.reply_limits import assert_within_limits
from tests.support.specialty_cards import COMPARE_WHO, OPEN, WHO, Drawn, choose, draw_dots, select, shown, values


@pytest.fixture(autouse=True)
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    return draw_dots(monkeypatch)


async def test_places_are_told_with_year_source_certainty_counts_and_parts(world: World) -> None:
    result = await world.amira.slash(world.general, "specialty show", name="gen surg")
    read = text(result)

    assert result.ephemeral
    assert title(result) == "Surgery: figures"
    assert "Places, 2026 Match" in read
    assert "before SOAP" in read
    assert "IMGs fill **20.4 %** of the filled places (503 of 2,468)" in read
    assert "A share of places is no match rate" in read
    assert (
        "General Surgery - categorical only: IMGs fill **12.1 %** of the filled places (214 of 1,774); US IMGs 100, non-US IMGs 114" in read
    )
    assert "General Surgery - preliminary: IMGs fill **48.7 %** of the filled places (328 of 673)" in read
    assert "The parts apart, 2025 Match" in read
    assert (
        "expected (from a copy or a third party) · [NRMP, Main Residency Match 2026: results by specialty](<https://www.nrmp.org/>)" in read
    )
    assert "As of" in read or "as of" in read
    assert_within_limits(components(result))


async def test_parts_that_are_not_held_are_said(world: World) -> None:
    assert "The other parts are not held." in text(await shown(world, "peds"))
    assert "The other parts are not held." not in text(await shown(world, "gen surg"))


async def test_before_she_says_which_she_is_no_outcome_is_shown(world: World, drawn: Drawn) -> None:
    card = await shown(world, "IM")

    assert "are held for non-US IMGs only, so they are left out here. Choose below which you are." in text(card)
    assert "48.5" not in text(card)
    assert "Step 2 CK" not in text(card)
    assert "higher one" not in text(await shown(world, "FM"))
    assert [option.get("default") for option in select(card, WHO)["options"]] == [False, False, True]
    assert drawn.outcomes == []


async def test_a_non_us_img_sees_outcomes_and_the_picture_of_them(world: World, drawn: Drawn) -> None:
    card = await shown(world, "IM", Audience.NON_US)

    assert "Match rate of non-US IMGs who ranked it first: **48.5 %** (3,392 of 6,992)." in text(card)
    assert "Means are never cut-offs" in text(card)
    assert "- Step 2 CK: matched 249, not matched 242" in text(card)
    assert "No table of visa, score and specialty together is published" in text(card)
    assert "Your group, non-US IMGs: **29.4 %** of the filled places (3,682)." in text(card)
    assert [each.id for each in drawn.outcomes] == ["internal-med"]
    assert any(each["type"] == 12 for each in components(card))
    assert "here those who did not match have the higher one" in text(await shown(world, "FM", Audience.NON_US))


async def test_a_mean_of_few_people_is_withheld_not_missing(world: World) -> None:
    read = text(await shown(world, "im-peds", Audience.NON_US))

    assert "- Step 2 CK: matched not shown: fewer than 10 people, not matched" in read
    assert "- Programs ranked in the specialty: matched not shown: fewer than 10 people" in read


async def test_a_us_img_is_told_that_there_is_no_figure_and_is_never_shown_the_others(world: World, drawn: Drawn) -> None:
    for specialty in world.services.catalogue.figures.specialties:
        card = await shown(world, specialty.id, Audience.US)
        read = text(card)
        if specialty.match_service == "NRMP":
            assert "no figure for US IMGs" in read
        if specialty.outcomes is not None:
            assert f"{specialty.outcomes.matched:,} of {specialty.outcomes.total:,}" not in read
            assert f"matched {specialty.outcomes.step2_matched}" not in read
        assert "Step 2 CK" not in read
        assert "higher one" not in read
        assert not any(each["type"] == 12 for each in components(card))
    assert drawn.outcomes == []


async def test_her_choice_is_kept_while_she_turns_pages_and_is_stored_nowhere(world: World) -> None:
    card = await shown(world, "IM", Audience.US)
    await world.amira.click(card, label="Applying: service, signals, letters")
    await world.restart()
    await world.amira.click(card, label="Figures")

    assert "no figure for US IMGs" in text(card)
    assert "no figure for US IMGs" not in text(await shown(world, "IM"))


@pytest.mark.parametrize("name", ["vascular", "derm", "plastics", "im-psych"])
async def test_where_fewer_than_ten_people_are_there_are_counts_only(world: World, name: str) -> None:
    card = await shown(world, name, Audience.NON_US)
    specialty = world.services.catalogue.figures.index.find(name)[0]
    latest = specialty.positions[0]

    if latest.imgs is not None and latest.imgs < 10:
        assert f"IMGs fill {latest.imgs} of {latest.filled} filled places (fewer than ten people: counts only)" in text(card)
    if specialty.outcomes is not None:
        counts = f"{specialty.outcomes.matched} matched to it, {specialty.outcomes.unmatched} did not (fewer than ten people in a group"
        assert counts in text(card)
        assert "match rate of non-US" not in text(card).lower()


async def test_applying_says_service_match_signals_and_their_source(world: World) -> None:
    card = await shown(world, "radiology")
    await world.amira.click(card, label="Applying: service, signals, letters")
    read = text(card)

    assert "**Application:** ERAS" in read
    assert "**Match:** NRMP" in read
    assert "2027 Match: **6 gold, 9 silver**." in read
    assert "app Matchly (one third-party copy)" in read
    assert "The number of 2027 is from one third-party copy" in read
    assert "2025 Match: **6 gold, 6 silver**." in read
    assert "AAMC: program signaling, 2025 MyERAS season" in read
    assert "advice, no rule" in read


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("IM", "confirm at [AAMC: program signaling, 2025 MyERAS season]"),
        ("urology", "confirm at [American Urological Association]"),
        ("plastics", "confirm with the program"),
    ],
)
async def test_signals_name_the_page_that_states_them(world: World, name: str, owner: str) -> None:
    card = await shown(world, name)
    await world.amira.click(card, label="Applying: service, signals, letters")
    block = text(card).partition("**Program signals**")[2].partition("**Letters of recommendation**")[0]

    assert owner in block
    assert "ERAS timeline" not in block


async def test_letters_that_no_source_speaks_of_are_not_known(world: World) -> None:
    for specialty in world.services.catalogue.figures.specialties:
        card = await shown(world, specialty.id)
        await world.amira.click(card, label="Applying: service, signals, letters")
        assert ("What letters it wants: not known; ask the program." in text(card)) == (specialty.letters is None)


async def test_signals_that_are_not_known_say_what_disagrees(world: World) -> None:
    card = await shown(world, "ob/gyn")
    await world.amira.click(card, label="Applying: service, signals, letters")

    assert "**Program signals:** not known" in text(card)
    assert "they disagree, and none is followed here" in text(card)
    assert "ResidencyCAS" in text(card)


async def test_urology_and_ophthalmology_say_which_match(world: World) -> None:
    urology, eyes = text(await shown(world, "urology")), text(await shown(world, "ophtho"))

    assert "76 % of 529 applicants, all groups together. For IMGs apart: not held." in urology
    assert "Who fills them is not held" in urology
    assert "**Places:** not held. This specialty matches outside NRMP, by SF Match." in eyes
    assert "65 % of 958 applicants, all groups together. International graduates: 21 %." in eyes
    assert eyes.count("21 %") == 1
    assert "Charting Outcomes" not in urology + eyes


@pytest.mark.parametrize("name", ["cardiology", "xyzzy", "   ", "?!", "**", "@everyone", "x" * 100])
async def test_a_name_that_means_none_is_a_sentence(world: World, name: str) -> None:
    result = await world.amira.slash(world.general, "specialty show", name=name)

    assert title(result).startswith(("I hold no specialty called ", "No specialty was named."))
    assert "/specialty list" in text(result)
    assert_within_limits(components(result))


async def test_a_name_that_could_be_several_asks(world: World) -> None:
    asked = (await world.amira.slash(world.general, "specialty show", name="prelim")).response
    assert title(asked) == "“prelim” can mean several specialties."
    assert values(asked, OPEN) == ["internal-med", "surgery", "transitional"]

    opened = await choose(world, asked, OPEN, "surgery")

    assert title(opened) == "Surgery: figures"
    assert opened.ephemeral


async def test_names_are_suggested_while_she_types(world: World) -> None:
    first = await world.amira.autocomplete(world.general, "specialty show", "name", "")
    assert len(first) == 25
    assert first[0]["value"] == "internal-med"

    (peds, *_) = await world.amira.autocomplete(world.general, "specialty show", "name", "peds")
    assert (peds["name"], peds["value"]) == ("Pediatrics", "pediatrics")
    assert await world.amira.autocomplete(world.general, "specialty compare", "fourth", "xyzzy") == []


# --- sharing


async def test_what_is_shared_holds_nothing_of_her(world: World, drawn: Drawn) -> None:
    card = await shown(world, "IM", Audience.NON_US)
    drawn.outcomes.clear()
    posted = (await world.amira.click(card, label="Share here")).response

    assert posted.channel_id == world.general.id
    assert "Your group" not in text(posted)
    assert "48.5" not in text(posted)
    assert "Choose below" not in text(posted)
    assert "IMGs fill **38.5 %**" in text(posted)
    assert [each for each in components(posted) if each["type"] in (2, 3)] == []
    assert drawn.outcomes == []
    assert "amira" not in text(posted)


async def test_a_comparison_and_figures_are_shared_with_their_picture(world: World, drawn: Drawn) -> None:
    compared = (await world.amira.slash(world.general, "specialty compare", first="IM", second="FM")).response
    await choose(world, compared, COMPARE_WHO, Audience.NON_US)
    rates = (await world.amira.slash(world.general, "specialty figures")).response
    ohio = (await world.amira.slash(world.general, "specialty figures", state="ohio")).response
    for card in (compared, rates, ohio):
        public = (await world.amira.click(card, label="Share here")).followups or world.general.history()
        posted = public[-1]
        assert [each for each in components(posted) if each["type"] in (2, 3)] == []
        assert "not held for" not in text(posted)
    assert all(specialty.outcomes is None for specialty in drawn.comparisons[-1])


async def test_in_direct_messages_nothing_is_offered_to_share(world: World) -> None:
    for name, given in (("show", {"name": "IM"}), ("compare", {"first": "IM", "second": "FM"}), ("figures", {})):
        assert "Share here" not in labels(await world.amira.user.slash(f"specialty {name}", **given))


# --- whatever is asked


async def test_every_specialty_fits_in_every_view(world: World) -> None:
    for specialty in world.services.catalogue.figures.specialties:
        for audience in Audience:
            card = await shown(world, specialty.id, audience)
            assert_within_limits(components(card))
            assert sum(len(each["content"]) for each in components(card) if each["type"] == 10) < MAX_TEXT - 200
            assert ("NRMP reserves" in text(card)) == (specialty.match_service == "NRMP")
        await world.amira.click(card, label="Applying: service, signals, letters")
        assert_within_limits(components(card))
        await world.amira.click(card, label="Compare")


async def test_a_specialty_that_is_gone_is_said_kindly(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    card = await shown(world, "IM", Audience.NON_US)
    compared = (await world.amira.slash(world.general, "specialty compare", first="IM", second="FM")).response
    listed = (await world.amira.slash(world.general, "specialty list")).response
    monkeypatch.setattr(type(world.services.catalogue.figures), "specialty", lambda *_: None)

    replies = [
        await choose(world, card, WHO, Audience.US),
        await world.amira.click(card, label="Applying: service, signals, letters"),
        await world.amira.click(card, label="Compare"),
        await world.amira.click(card, label="Share here"),
        await choose(world, compared, COMPARE_WHO, Audience.US),
        await world.amira.click(compared, label="Share here"),
        await choose(world, listed, OPEN, "anesthesiology"),
    ]
    for reply in replies:
        assert title(reply) == "That specialty does not stand in the record any more."
        assert reply.ephemeral
