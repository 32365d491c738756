"""The preview of a notice shows what the guard found: in words, quoted plainly, with rule and source; it blocks nothing."""

from typing import Any

import pytest

from bot.domain.broadcast import MAX_TEXT, MAX_TITLE
from bot.domain.notice_guard.findings import FindingKind
from cogs.broadcast._guard import LONGEST_EXCERPT, guard_lines, quoted
from tests.cogs.conftest import NOW, World, components, text, title
from tests.cogs.test_broadcast import announcements, change, draft, posted, priya
from tests.support.reply_limits import assert_within_limits

__all__ = ["announcements", "priya"]

NO_CLEARANCE = "No warning is no clearance"
EVERYTHING = (
    "@everyone post the unfilled list. During SOAP call the program directors. Rank us first. We guarantee a match. "
    "Letters for sale. Step 1 recalls inside. Match Day is March 20. Rank lists close March 9. Write to x@example.com. "
    "[nrmp.org](https://evil.example.com) https://nrrnp.org http://example.com discord.gg/abc "
)


async def test_a_warning_names_the_rule_and_its_source(world: World, priya: Any, announcements: Any) -> None:
    preview = await draft(world, priya, announcements, body="SOAP tip: call every program you applied to.")
    shown = text(preview)
    assert "**Contact with programs during SOAP:** `SOAP tip: call every program you applied to`" in shown
    assert "neither an applicant nor anyone for them may contact a program before it contacts them" in shown
    assert "Stated by its owner. Source: [NRMP: SOAP for applicants](<https://www.nrmp.org/residency-applicants/soap/>)" in shown
    assert "as of 22 Nov 2026" in shown
    assert NO_CLEARANCE in shown


async def test_a_warning_blocks_nothing(world: World, priya: Any, announcements: Any) -> None:
    preview = await draft(world, priya, announcements, body="Post the unfilled list here.")
    assert "you decide" in text(preview)
    assert title(await priya.click(preview.response, label="Send")) == "Sent"
    assert "unfilled list" in posted(announcements)[0].content


async def test_no_warning_is_no_clearance(world: World, priya: Any, announcements: Any) -> None:
    preview = await draft(world, priya, announcements, body="Be kind to each other this week.")
    assert "The guard found nothing to warn of." in text(preview)
    assert NO_CLEARANCE in text(preview)


async def test_a_date_that_differs_is_shown_beside_the_calendars(world: World, priya: Any, announcements: Any) -> None:
    shown = text(await draft(world, priya, announcements, "Match Day is March 20", "See you there."))
    assert "`Match Day is March 20`" in shown
    assert "Match Day: Fri 19 Mar 2027, 12:00 EDT" in shown
    assert "differs from the estimate; nothing is announced yet" in shown
    assert "confirm at [NRMP: Match calendars](<https://www.nrmp.org/match-calendars/>)" in shown


async def test_an_announced_date_is_called_so(world: World, priya: Any, announcements: Any) -> None:
    shown = text(await draft(world, priya, announcements, body="The CaRMS second iteration opens on January 12, 2027."))
    assert "differs from the announced date" in shown
    assert "Tue 5 Jan 2027, 12:00 EST" in shown


async def test_what_no_source_states_says_so(world: World, priya: Any, announcements: Any) -> None:
    shown = text(await draft(world, priya, announcements, body="Post the unfilled list here."))
    assert "Commonly stated; no source held; as of 22 Nov 2026. Confirm at [NRMP: SOAP for applicants]" in shown


async def test_a_change_is_read_anew(world: World, priya: Any, announcements: Any) -> None:
    preview = await draft(world, priya, announcements, body="Post the unfilled list here.")
    changed = await change(world, priya, preview, announcements, "Don't post the unfilled list here.")
    assert "The guard found nothing to warn of." in text(changed)


@pytest.mark.parametrize("filling", ["W", "@here ", "*_~`", "post the unfilled list\n"])
async def test_many_findings_fit_on_the_card(world: World, priya: Any, announcements: Any, filling: str) -> None:
    body = (EVERYTHING + filling * MAX_TEXT)[:MAX_TEXT].strip()
    preview = await draft(world, priya, announcements, "W" * MAX_TITLE, body)
    assert_within_limits(components(preview))
    assert "more: they show as you mend these" in text(preview)
    assert NO_CLEARANCE in text(preview)


def test_every_kind_has_a_rule_that_fits_a_card(world: World) -> None:
    catalogue = world.services.catalogue
    found = catalogue.read_notice(EVERYTHING, NOW)
    assert {finding.kind for finding in found} == set(FindingKind)
    assert set(catalogue.notice_guard.rules) == set(FindingKind)
    for finding in found:
        lines = guard_lines([finding], catalogue.notice_guard, 1_400)
        assert catalogue.notice_guard.rules[finding.kind].title in lines
        assert len(lines) <= 1_400
    for room in range(300, 3_000, 50):
        assert len(guard_lines(found, catalogue.notice_guard, room)) <= room


@pytest.mark.parametrize(
    ("excerpt", "shown"),
    [
        ("a `b` **c**", "`a 'b' **c**`"),
        ("one\n\ntwo", "`one two`"),
        ("a\u202eb\u200bc", "`abc`"),
        ("\u200b", "`…`"),
        ("x" * 500, f"`{'x' * (LONGEST_EXCERPT - 1)}…`"),
    ],
)
def test_an_excerpt_is_quoted_plainly(excerpt: str, shown: str) -> None:
    assert quoted(excerpt) == shown
