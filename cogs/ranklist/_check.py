"""``/ranklist check``: what to look at before the list is certified, each with its reason and source; unknown stays unknown."""

from collections.abc import Sequence
from typing import Any

import discord

from bot.domain.eligibility.answers import VisaPlan
from bot.domain.facts import Citation
from bot.domain.member import Country
from bot.domain.programs import Noted, Program
from bot.domain.rank_checks import COUPLE_ITEMS, Case, Check, CheckedList, CheckFinding, Standing, check_list
from bot.services.bundle import Services
from bot.services.rank_lists import CARMS_DEADLINE, RankBoard
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card
from cogs.ranklist import _words as words
from cogs.ranklist._certify import deadline_buttons, deadline_text
from cogs.ranklist._ways import View, go, page_of, show, shows, turn

PER_PAGE = 3
NAMES_SHOWN = 6
NRMP = "NRMP"
VERIFIED_RULE = "us-verified"
RULES = {Check.VERIFIED: VERIFIED_RULE, Check.VISA: "us-visa", Check.CANADA: "ca-order"}
"""The rule of eligibility that states what a check is about."""
TITLES = {
    Check.CERTIFIED: "Certified before the deadline",
    Check.VERIFIED: "Verified by ECFMG by the deadline",
    Check.INTERVIEWED: "Interviewed",
    Check.VISA: "Visa",
    Check.FIRST_YEAR: "First year of advanced places",
    Check.ELSEWHERE: "Another match",
    Check.CANADA: "Canada",
    Check.COUPLE: "Couple",
    Check.CODES: "Codes and fee",
    Check.BINDING: "What a match obliges to",
}
STANDINGS = {Standing.LOOK: "look at this", Standing.UNKNOWN: "unknown", Standing.FINE: "fine, as noted", Standing.KNOW: "to know"}
TEXTS = {
    Case.EMPTY: "Nothing stands on your list yet.",
    Case.NOT_CERTIFIED: "You have not noted that it is certified.",
    Case.CHANGED_SINCE: "It has changed since the day on which you noted that it was certified: R3 needs the new order, certified again.",
    Case.TOO_LATE: "The deadline has passed, and you have not noted that this order is certified. What counts is what R3 shows.",
    Case.CERTIFIED: "Certified, as you noted, and not changed here since.",
    Case.VERIFIED: "By your saved answers the requirements are met. Look in R3 whether you show as verified.",
    Case.NOT_VERIFIED: "By your saved answers it is not met, or not yet.",
    Case.VERIFIED_UNKNOWN: "Your saved answers do not say it.",
    Case.NO_ANSWERS: "You have saved no answers: /eligibility check asks, and stores them only if you press Save.",
    Case.OTHER_MATCH: "Your saved answers are of another Match: go through /eligibility check again and save them.",
    Case.NOT_INTERVIEWED: "Not noted as interviewed:",
    Case.CLOSED: "Declined, withdrawn, or the program said no, as you noted:",
    Case.ALL_INTERVIEWED: "Every program on your lists is noted as interviewed.",
    Case.NO_VISA: "By your saved answers you need none.",
    Case.VISA_STATUS_UNKNOWN: "Your saved answers do not say whether you need one, or each program decides it. Ask them.",
    Case.VISA_POSSIBLE: "By what you noted, every program takes {plan}.",
    Case.VISA_IMPOSSIBLE: "By what you noted, not possible with {plan}:",
    Case.VISA_UNKNOWN: "What the program says of {plan} is not noted, or not clear; ask it:",
    Case.NO_FIRST_YEAR: "Advanced, without a supplemental list:",
    Case.FIRST_YEAR_LISTED: "Every advanced place has a supplemental list.",
    Case.NO_ADVANCED: "No program on your list is noted as advanced.",
    Case.TRACK_UNKNOWN: "The track is not noted, so it may be advanced:",
    Case.RANKED_ELSEWHERE: "By what you noted these are not ranked with NRMP, but in a match of their own:",
    Case.CANADA_TOO: "CaRMS takes a list of its own; this one is NRMP's.",
    Case.COUPLE_NOT_ASKED: "Do you rank as one of a couple?",
    Case.NO_COUPLE: "You rank alone, as you said.",
    Case.COUPLE_OPEN: "Tick off what is done; nothing of your partner is stored.",
    Case.COUPLE_DONE: "All of it is ticked off.",
    Case.CODES_INCLUDED: "Covered by the registration.",
    Case.CODES_EXTRA: "Beyond what registration covers: {extra} USD.",
    Case.LONG_LIST: "A list this long costs more; how much is not held. The codes alone beyond what registration covers: {extra} USD.",
    Case.BINDING: "Rank only where you would go.",
}
FACTS: dict[Check, tuple[str, ...]] = {
    Check.CERTIFIED: ("certify",),
    Check.INTERVIEWED: ("interviewed",),
    Check.FIRST_YEAR: ("supplemental",),
    Check.COUPLE: ("couples", "couples_lists", "couples_fee"),
    Check.CODES: ("codes",),
    Check.BINDING: ("binding",),
}
"""What is stated about the other checks."""
WITHOUT_FACTS = {Case.NO_COUPLE, Case.COUPLE_NOT_ASKED, Case.NO_VISA, Case.NO_ADVANCED}
PLANS = {
    VisaPlan.J1: "a J-1, which you have in mind",
    VisaPlan.H1B: "an H-1B, which you have in mind",
    VisaPlan.EITHER: "J-1 or H-1B",
    VisaPlan.UNKNOWN: "J-1 or H-1B",
}
COUPLE_WORDS = {
    "couple_accepted": "The request is accepted in R3",
    "couple_paid": "Both have paid the fee: status Paid",
    "couple_equal": "Both lists have the same number of ranks",
    "couple_hers": "My list is certified",
    "couple_partners": "My partner's list is certified",
}


class SayCouple(Action, prefix="ranklist:couple"):
    """Say whether she ranks as one of a couple; the key is yes or no, and the page."""

    async def act(self, interaction: Interaction) -> None:
        """Note it, and show the page."""
        said, _, page = self.key.partition("-")
        await interaction.client.services.rank_lists.say_couple(interaction.user.id, is_couple=said == "yes")
        await show(interaction, View.CHECK, page)


class TickCouple(Choice, prefix="ranklist:tick"):
    """Tick off what a couple has done; the key is the page."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Store the ticks, and show the page."""
        await interaction.client.services.rank_lists.tick(interaction.user.id, COUPLE_ITEMS, values)
        await show(interaction, View.CHECK, self.key)


@shows(View.CHECK)
async def check_card(services: Services, interaction: Interaction, rest: str = "") -> Card:
    """Return one page of findings."""
    board = await services.rank_lists.board(interaction.user.id, interaction.guild_id)
    given = await _given(services, board)
    found = check_list(given)
    pages = -(-len(found) // PER_PAGE)
    page = page_of(rest, pages)
    shown = found[page * PER_PAGE : (page + 1) * PER_PAGE]
    counts = [f"{sum(each.standing is standing for each in found)} {words_}" for standing, words_ in _COUNTED.items()]
    cited = [citation for each in shown for citation in _citations(services, board, each)]
    return card(
        f"Before you certify, {board.year} Match · {page + 1} of {pages}",
        ", ".join(counts) + ".",
        *(_finding_text(services, board, given, each) for each in shown),
        meaning=Meaning.ATTENTION if any(each.standing is Standing.LOOK for each in shown) else Meaning.YOURS,
        rows=_rows(services, board, shown, page, pages),
        quiet="From what you noted here; R3 and the programs decide. No score, no forecast."
        + (f" {words.source_line(cited)}" if cited else ""),
    )


_COUNTED = {Standing.LOOK: "to look at", Standing.UNKNOWN: "unknown", Standing.FINE: "fine as noted", Standing.KNOW: "to know"}


async def _given(services: Services, board: RankBoard) -> CheckedList:
    saved = await services.eligibility.saved(board.member.id)
    answers = saved.answers if saved is not None else None
    findings = services.eligibility.check(answers).findings if answers is not None else ()
    return CheckedList(
        held=board.held,
        programs=board.programs,
        answers=answers,
        verified=next((each for each in findings if each.rule.id == VERIFIED_RULE), None),
        deadline=board.deadline,
        now=services.clock.now(),
        fees=services.catalogue.rank_list.fees,
        outside=frozenset(each.id for each in services.catalogue.figures.specialties if each.match_service != NRMP),
        is_canada_too=Country.CANADA in board.member.countries,
    )


def _finding_text(services: Services, board: RankBoard, given: CheckedList, found: CheckFinding) -> str:
    plan = PLANS[given.answers.visa_plan] if given.answers is not None else ""
    said = TEXTS[found.case].format(plan=plan, extra=f"{found.codes[2]:,}")
    lines = [f"**{TITLES[found.check]}: {STANDINGS[found.standing]}.** {said}"]
    if found.programs:
        lines.append(_names(board, found))
    if found.check is Check.VERIFIED and given.verified is not None and found.case not in (Case.NO_ANSWERS, Case.OTHER_MATCH):
        lines.append(given.verified.reason)
    if found.check in RULES and found.case not in WITHOUT_FACTS:
        lines.append(services.catalogue.rules[RULES[found.check]].text)
    if found.check is Check.CODES:
        lines.append(f"Different codes: {found.codes[0]} on the primary list, {found.codes[1]} on supplemental lists.")
    if found.check is Check.COUPLE and board.held.is_couple:
        lines += [f"- {text}: {'done' if item in board.held.ticks else 'open'}" for item, text in COUPLE_WORDS.items()]
    if found.check is Check.CERTIFIED:
        lines.append(deadline_text(services, board.deadline, board.member))
    if found.check is Check.CANADA:
        lines.append(deadline_text(services, services.rank_lists.deadline(board.year, None, CARMS_DEADLINE), board.member))
    if found.case not in WITHOUT_FACTS:
        lines += [words.fact_line(services, name) for name in FACTS.get(found.check, ())]
    return "\n".join(lines)


def _names(board: RankBoard, found: CheckFinding) -> str:
    shown = [board.programs[each] for each in found.programs[:NAMES_SHOWN]]
    names = [words.program_name(each) + (_read_on(each) if found.check is Check.VISA else "") for each in shown]
    more = f" and {len(found.programs) - NAMES_SHOWN} more" if len(found.programs) > NAMES_SHOWN else ""
    return f"{', '.join(names)}{more}."


def _read_on(program: Program) -> str:
    """Return when she read what a program says of visas."""
    reading = program.readings.get(Noted.VISA)
    return f" (read {reading.on.day} {reading.on:%b %Y})" if reading is not None else ""


def _citations(services: Services, board: RankBoard, found: CheckFinding) -> list[Citation]:
    if found.case in WITHOUT_FACTS:
        return []
    if found.check in RULES:
        return [services.catalogue.rules[RULES[found.check]].citation]
    if found.check is Check.ELSEWHERE:
        held = {each.id: each.citation_service for each in services.catalogue.figures.specialties}
        return [citation for each in found.programs if (citation := held.get(board.programs[each].specialty or "")) is not None]
    return words.citations(services, *FACTS[found.check])


def _rows(services: Services, board: RankBoard, shown: Sequence[CheckFinding], page: int, pages: int) -> list[list[discord.ui.Item[Any]]]:
    rows: list[list[discord.ui.Item[Any]]] = []
    if any(each.check is Check.CERTIFIED for each in shown):
        rows.append([go("Certified", View.CERTIFY), *deadline_buttons(services, board.deadline, board.member)])
    if any(each.check is Check.COUPLE for each in shown):
        if board.held.is_couple:
            options = [
                discord.SelectOption(label=text, value=item, default=item in board.held.ticks) for item, text in COUPLE_WORDS.items()
            ]
            rows.append([TickCouple(str(page), options=options, placeholder="What is done", least=0, most=len(options))])
        choices = ((True, "yes", "We rank as a couple"), (False, "no", "I rank alone"))
        rows.append([SayCouple(f"{key}-{page}", label=label) for is_couple, key, label in choices if board.held.is_couple is not is_couple])
    rows.append([*turn(View.CHECK, page, pages), go("My list", View.BOARD)])
    return rows


ITEMS = (SayCouple, TickCouple)
