"""The result: rule by rule, grouped by verdict, in pages; whom she is counted among on top."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot.domain.eligibility.answers import Way
from bot.domain.eligibility.evaluation import Result
from bot.domain.eligibility.questions import US_DETAILS
from bot.domain.eligibility.verdicts import Finding, Reach, Verdict
from cogs._ui.actions import Action
from cogs._ui.cards import Card, Meaning, card, shortened
from cogs.eligibility._explain import WhyChoice
from cogs.eligibility._form import OpenPage, page_button
from cogs.eligibility._saving import SaveAnswers
from cogs.eligibility._shown import Shown, ShowView, View, key_of, part, shows, turn
from cogs.eligibility._words import (
    COUNTRIES,
    DEPENDS_IN_CANADA,
    HEADINGS,
    NO_ADVICE,
    NOT_STORED,
    by_line,
    classes,
    clock_line,
    lost_line,
    reach_line,
    short_provenance,
)

ROOM = 2_700
"""The text of the rules on one page, in characters: with all that stands around it a card stays far below 4,000."""
MOST_RULES = 20
"""A select holds 25, and the classes stand in it too."""
LONGEST_BLOCK = 1_400

Row = Sequence[discord.ui.Item[Any]]


@dataclass(frozen=True, slots=True)
class Block:
    """Hold what a result says of one rule."""

    finding: Finding
    text: str


@shows(View.RESULT)
async def result_card(shown: Shown) -> Card:
    """Return one page of what the rules give for her answers."""
    answers = shown.answers
    result = shown.services.eligibility.check(answers)
    leaves = pages_of(result, shown.member.zone)
    page = min(shown.page, len(leaves) - 1)
    blocks = leaves[page]
    return card(
        f"Eligibility, {part(answers, page, len(leaves))}: {COUNTRIES[answers.country]}",
        classes(result, shown.services.catalogue.rules),
        lost_line(result) if page == 0 else "",
        *grouped(blocks),
        meaning=Meaning.YOURS,
        rows=[
            _why(shown, blocks, page),
            turn(answers, View.RESULT, page, len(leaves)),
            _buttons(shown),
        ],
        quiet="\n".join(line for line in (_clocks(shown, blocks), NOT_STORED, NO_ADVICE) if line),
    )


def _clocks(shown: Shown, blocks: Sequence[Block]) -> str:
    dues = [block.finding.due for block in blocks if block.finding.verdict is not Verdict.MET]
    return clock_line(dues, shown.member.zone, shown.services.clock.now())


def _buttons(shown: Shown) -> Row:
    answers = shown.answers
    buttons: list[Action] = [
        ShowView(key_of(answers, View.PLAN), label="What is still missing", style=discord.ButtonStyle.primary),
        SaveAnswers(key_of(answers, View.RESULT), label="Save"),
        ShowView(key_of(answers, View.ANSWERS), label="Change answers"),
    ]
    if answers.country is not Way.CANADA:
        buttons.append(page_button(US_DETAILS, answers, View.RESULT, US_DETAILS.title))
    return buttons


def _why(shown: Shown, blocks: Sequence[Block], page: int) -> Row:
    rules = [block.finding.rule for block in blocks]
    if page == 0:
        held = shown.services.catalogue.rules
        asked = {Way.UNITED_STATES: ("us-class",), Way.CANADA: ("ca-class",), Way.BOTH: ("us-class", "ca-class")}[shown.answers.country]
        rules = [*(held[rule_id] for rule_id in asked if rule_id in held), *rules]
    options = [discord.SelectOption(label=shortened(rule.title, 100), value=rule.id) for rule in rules]
    return [WhyChoice(key_of(shown.answers, View.RESULT), options=options, placeholder="Explain one of these rules")]


def pages_of(result: Result, zone: str | None) -> list[list[Block]]:
    """Return the rules in pages, by verdict: what is not met first."""
    pages: list[list[Block]] = [[]]
    room = ROOM
    for verdict in HEADINGS:
        for finding in (finding for finding in result.findings if finding.verdict is verdict):
            block = Block(finding, block_text(finding, zone))
            if pages[-1] and (len(block.text) > room or len(pages[-1]) == MOST_RULES):
                pages.append([])
                room = ROOM
            pages[-1].append(block)
            room -= len(block.text) + 2
    return pages


def grouped(blocks: Sequence[Block]) -> list[str]:
    """Return the text of a page: each verdict with its rules below it."""
    texts: list[str] = []
    in_canada = any(block.finding.rule.id.startswith("ca-") for block in blocks)
    for verdict, words in HEADINGS.items():
        heading = DEPENDS_IN_CANADA if verdict is Verdict.DEPENDS and in_canada else words
        found = [block.text for block in blocks if block.finding.verdict is verdict]
        if found:
            texts.append(f"### {heading}\n" + "\n\n".join(found))
    return texts


def block_text(finding: Finding, zone: str | None) -> str:
    """Return what a result says of one rule: reason, what to do next by when, source."""
    rule = finding.rule
    lines = [f"**{rule.title}**", finding.reason]
    if finding.verdict is not Verdict.MET:
        is_over = finding.reach is Reach.NO_LONGER
        lines += [
            "" if is_over else f"**Next:** {rule.next}",
            by_line(finding.due, zone),
            reach_line(finding.due, finding.reach),
            f"**Instead:** {rule.otherwise}" if is_over and rule.otherwise else "",
        ]
    quiet = short_provenance(rule.citation)
    body = shortened("\n".join(line for line in lines if line), LONGEST_BLOCK - len(quiet) - 1)
    return f"{body}\n{quiet}"


ITEMS = (ShowView, OpenPage)
"""The buttons that lead from card to card."""
