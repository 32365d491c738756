"""``/specialty compare`` and ``/specialty list``."""

import pytest

from bot.errors import UserFacingError
from cogs.specialty._compare import held
from cogs.specialty._list import Sort
from cogs.specialty._words import Audience
from tests.cogs.conftest import World, components, text, title
from tests.support.reply_limits import assert_within_limits
from tests.support.specialty_cards import COMPARE_WHO, OPEN, SORT, WITH, Drawn, choose, draw_dots, select, shown, values


@pytest.fixture(autouse=True)
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    return draw_dots(monkeypatch)


async def test_up_to_four_stand_beside_each_other(world: World, drawn: Drawn) -> None:
    given = {"first": "IM", "second": "peds", "third": "gen surg", "fourth": "urology"}
    result = await world.amira.slash(world.general, "specialty compare", **given)

    assert title(result) == "Compared: Internal Medicine, Pediatrics, Surgery, Urology"
    assert "The parts apart, 2025: General Surgery - categorical only: IMGs fill **12.1 %**" in text(result)
    assert "76 % of 529 applicants, all groups together. For IMGs apart: not held." in text(result)
    assert "NRMP match rates by specialty and means are held for non-US IMGs only, and left out here" in text(result)
    assert [[each.id for each in comparison] for comparison in drawn.comparisons] == [["internal-med", "pediatrics", "surgery", "urology"]]
    assert all(each.outcomes is None for each in drawn.comparisons[0])
    assert_within_limits(components(result))


async def test_a_comparison_shows_outcomes_to_non_us_imgs_only(world: World, drawn: Drawn) -> None:
    card = (await world.amira.slash(world.general, "specialty compare", first="IM", second="FM")).response
    await choose(world, card, COMPARE_WHO, Audience.NON_US)
    assert "match rate of non-US IMGs who ranked it first: **53.9 %** (599 of 1,112)" in text(card)
    assert "Means are never cut-offs" in text(card)
    assert all(each.outcomes for each in drawn.comparisons[-1])

    await choose(world, card, COMPARE_WHO, Audience.US)
    assert "no figure for US IMGs" in text(card)
    assert "53.9" not in text(card)
    assert all(each.outcomes is None for each in drawn.comparisons[-1])


async def test_parts_that_are_not_held_are_said_beside_each_other_too(world: World) -> None:
    read = text(await world.amira.slash(world.general, "specialty compare", first="peds", second="gen surg"))

    assert read.count("The other parts are not held.") == 1
    assert "NRMP reserves" in read
    assert "NRMP reserves" not in text(await world.amira.slash(world.general, "specialty compare", first="urology", second="ophtho"))


async def test_a_match_outside_nrmp_says_whose_rate_it_gives(world: World) -> None:
    card = (await world.amira.slash(world.general, "specialty compare", first="IM", second="ophtho")).response
    for audience in Audience:
        await choose(world, card, COMPARE_WHO, audience)
        assert "SF Match 2025: 65 % of 958 applicants, all groups together. International graduates: 21 %." in text(card)


async def test_a_mean_of_few_people_is_withheld_in_a_comparison_too(world: World) -> None:
    card = (await world.amira.slash(world.general, "specialty compare", first="im-peds", second="FM")).response
    await choose(world, card, COMPARE_WHO, Audience.NON_US)

    assert "Step 2 CK, means: matched not shown: fewer than 10 people, not matched" in text(card)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"first": "IM, FM, peds", "second": "psych", "third": "path"}, "5 specialties were named."),
        ({"first": "IM; FM; peds; psych; prelim"}, "5 specialties were named."),
        ({"first": "IM", "second": "internal medicine"}, "That is Internal Medicine alone."),
        ({"first": ",", "second": " ; "}, "No specialty was named."),
        ({"first": "IM", "second": "xyzzy"}, "I hold no specialty called xyzzy."),
    ],
)
async def test_what_can_not_be_compared_is_a_sentence(world: World, given: dict[str, str], said: str) -> None:
    assert title(await world.amira.slash(world.general, "specialty compare", **given)) == said


async def test_one_that_is_named_twice_stands_once(world: World) -> None:
    result = await world.amira.slash(world.general, "specialty compare", first="IM", second="FM", third="medicine")

    assert title(result) == "Compared: Internal Medicine, Family Medicine"
    assert "Named twice, shown once: Internal Medicine." in text(result)


async def test_one_alone_is_asked_with_which(world: World) -> None:
    asked = (await world.amira.slash(world.general, "specialty compare", first="IM")).response
    assert "internal-med" not in values(asked, WITH)
    assert select(asked, WITH)["max_values"] == 3

    compared = await choose(world, asked, WITH, "pediatrics", "psychiatry")

    assert title(compared) == "Compared: Internal Medicine, Pediatrics, Psychiatry"


async def test_unclear_names_are_asked_together_and_the_clear_ones_kept(world: World) -> None:
    asked = (await world.amira.slash(world.general, "specialty compare", first="psych", second="neuro", third="prelim")).response
    assert title(asked) == "“neuro” and “prelim” can mean several specialties."
    assert select(asked, WITH)["max_values"] == 3

    compared = await choose(world, asked, WITH, "neurology", "surgery")

    assert title(compared) == "Compared: Psychiatry, Neurology, Surgery"


async def test_from_a_card_to_a_comparison_by_taps(world: World) -> None:
    card = await shown(world, "peds", Audience.NON_US)
    asked = (await world.amira.click(card, label="Compare")).response
    compared = await choose(world, asked, WITH, "family-med")

    assert title(compared) == "Compared: Pediatrics, Family Medicine"
    assert "match rate of non-US IMGs" in text(compared)


async def test_the_longest_comparisons_fit(world: World) -> None:
    specialties = world.services.catalogue.figures.specialties
    lengths = {each.id: len(text(await shown(world, each.id, Audience.NON_US))) for each in specialties}
    longest = sorted(lengths, key=lambda each: -lengths[each])
    for start in range(0, 12, 4):
        first, second, third, fourth = longest[start : start + 4]
        card = (
            await world.amira.slash(world.general, "specialty compare", first=first, second=second, third=third, fourth=fourth)
        ).response
        for audience in Audience:
            await choose(world, card, COMPARE_WHO, audience)
            assert_within_limits(components(card))


# --- list


async def pages(world: World, **given: str) -> list[str]:
    card = (await world.amira.slash(world.general, "specialty list", **given)).response
    found = [text(card)]
    while any(each.get("label") == "Later" and not each.get("disabled") for each in components(card)):
        await world.amira.click(card, label="Later")
        assert_within_limits(components(card))
        found.append(text(card))
    return found


def names(shown: list[str]) -> list[str]:
    return [line.split("**")[1] for page in shown for line in page.splitlines() if line.startswith("- **")]


@pytest.mark.parametrize("sort", list(Sort))
async def test_every_sort_holds_all_of_them_and_says_what_it_sorts_by(world: World, sort: Sort) -> None:
    found = await pages(world, sort=sort)

    assert sorted(names(found)) == [each.name for each in world.services.catalogue.figures.specialties]
    said = {
        Sort.NAME: "Sorted by name",
        Sort.SHARE: "Sorted by the share of filled places that IMGs fill",
        Sort.PLACES: "Sorted by how many places IMGs fill",
        Sort.RATE: "Sorted by the match rate of non-US IMGs",
    }
    assert all(said[sort] in page for page in found)
    assert all(("no match rate" in page) != (sort is Sort.RATE) for page in found)


async def test_sorting_puts_the_highest_first_and_what_has_no_rate_last(world: World) -> None:
    by_share, by_rate, by_places = [names(await pages(world, sort=sort)) for sort in (Sort.SHARE, Sort.RATE, Sort.PLACES)]

    assert by_share[:3] == ["Internal Medicine", "Pathology", "Family Medicine"]
    assert by_share[-2:] == ["Ophthalmology", "Urology"]
    assert by_rate[:3] == ["Pediatrics", "Psychiatry", "Radiology-Diagnostic"]
    assert by_rate.index("Dermatology") > by_rate.index("Neurological Surgery")
    assert by_places[:3] == ["Internal Medicine", "Family Medicine", "Pediatrics"]


async def test_a_list_is_sorted_anew_and_opens_one_without_taking_her_for_anything(world: World) -> None:
    card = (await world.amira.slash(world.general, "specialty list")).response
    await choose(world, card, SORT, Sort.RATE)
    assert names([text(card)])[0] == "Pediatrics"

    opened = await choose(world, card, OPEN, "pediatrics")

    assert title(opened) == "Pediatrics: figures"
    assert "so they are left out here" in text(opened)


async def test_a_click_with_more_than_four_is_a_sentence_too(world: World) -> None:
    ids = [each.id for each in world.services.catalogue.figures.specialties[:5]]

    with pytest.raises(UserFacingError, match="5 specialties were named"):
        held(world.services, ids)
