"""``/letters plan``: the mix that guides advise beside hers, where they disagree, what to beware of, and who can speak to what."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import discord
from discord import ui

from bot.domain.letter_mix import Advice, Credibility, LetterAdvice, Measure, MixLine, Voice, Warned, mix, voices, warnings_of
from bot.domain.letters import MAX_SPECIALTY, Circumstance, Letter
from bot.errors import UserFacingError
from bot.services.bundle import Services
from bot.services.letter_plans import MOST_SPECIALTIES, Board
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, plain, shortened
from cogs._ui.ways import number_in
from cogs.letters import _words as words
from cogs.letters._kept import KeptForm, open_kept, opens
from cogs.letters._ways import STALE, View, go, show, shows, turn

ROOM = 2_600
"""The text of one page, in characters."""
NUMBERS_SHOWN = 8
NAMES_SHOWN = 6
ADVICE = "Advice of third-party guides, never a rule: what counts is what each program asks for."
CHOOSE = "For which specialty, or which two, are your letters? The list begins with those that take the most IMGs."
MISSING = {"where": "where", "setting": "how you worked together", "weeks": "weeks", "last day": "the last day", "specialty": "specialty"}


class Tab(StrEnum):
    """The pages of the plan."""

    MIX = "mix"
    DISPUTES = "disputes"
    WARNINGS = "warnings"
    VOICES = "voices"
    CHOOSE = "choose"


TABS = {Tab.MIX: "The mix", Tab.DISPUTES: "Where guides disagree", Tab.WARNINGS: "Beware of", Tab.VOICES: "Who can speak to what"}


class SpecialtyChoice(Choice, prefix="letters:specialty"):
    """Choose one or two specialties."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Store them, and show the mix."""
        await interaction.client.services.letters.plans.set_specialties(interaction.user.id, tuple(values))
        await show(interaction, View.PLAN, Tab.MIX)


class TypeSpecialty(Action, prefix="letters:specialty_typed"):
    """Ask for specialties that are not in the list."""

    async def act(self, interaction: Interaction) -> None:
        """Open the form."""
        await open_kept(interaction, "specialty")


@opens("specialty")
async def specialty_form(services: Services, _member_id: int, _rest: str) -> KeptForm:
    """Return the form for specialties by name."""
    return SpecialtyForm(services)


class SpecialtyForm(KeptForm):
    """Ask for one or two specialties by name."""

    def __init__(self, services: Services) -> None:
        super().__init__("Your specialties")
        self.services = services
        self.first: ui.TextInput[Any] = ui.TextInput(max_length=MAX_SPECIALTY, placeholder="IM, peds, ob/gyn")
        self.second: ui.TextInput[Any] = ui.TextInput(max_length=MAX_SPECIALTY, required=False)
        self.ask("Specialty", self.first, "As you call it.")
        self.ask("A second one", self.second, "Empty if there is none.")

    async def submitted(self, interaction: Interaction) -> None:
        """Store them, and show the mix."""
        typed = [text for text in (self.first.value, self.second.value) if text.strip()]
        chosen = tuple(self._found(text) for text in typed)
        await self.services.letters.plans.set_specialties(interaction.user.id, chosen)
        await show(interaction, View.PLAN, Tab.MIX)

    def _found(self, text: str) -> str:
        found = self.services.catalogue.figures.index.find(text)
        if len(found) == 1:
            return found[0].id
        name = plain(shortened(text.strip(), 40))
        if not found:
            raise UserFacingError(f"I hold no specialty called {name}.", "See /specialty list for those that I hold, and type one of them.")
        names = ", ".join(each.name for each in found[:6])
        raise UserFacingError(f"{name} can mean several specialties.", f"Type one of these: {names}.")


class TickCircumstance(Action, prefix="letters:tick"):
    """Tick or untick what a letter may give context to; the key says which, and whether it is to be ticked."""

    async def act(self, interaction: Interaction) -> None:
        """Store it, and show who can speak to it."""
        services: Services = interaction.client.services
        name, _, wanted = self.key.partition("-")
        if name not in {each.value for each in Circumstance}:
            raise STALE
        plan = await services.letters.plans.of(interaction.user.id)
        ticked = {Circumstance(name)}
        chosen = plan.circumstances | ticked if wanted == "on" else plan.circumstances - ticked
        await services.letters.plans.set_circumstances(interaction.user.id, chosen)
        await show(interaction, View.PLAN, Tab.VOICES)


@shows(View.PLAN)
async def plan_card(services: Services, member_id: int, rest: str = "") -> Card:
    """Return one tab of the plan; the choice of specialties where there is none yet."""
    name, _, page = rest.partition("-")
    tab = Tab(name) if name in {each.value for each in Tab} else Tab.MIX
    board = await services.letters.board(member_id)
    if tab is Tab.CHOOSE or not board.plan.specialties:
        return choose_card(services, board)
    blocks = {
        Tab.MIX: _mix_blocks,
        Tab.DISPUTES: _dispute_blocks,
        Tab.WARNINGS: _warning_blocks,
        Tab.VOICES: _voice_blocks,
    }[tab](services, board)
    pages = paged(blocks)
    number = min(number_in(page), len(pages) - 1)
    place = f", page {number + 1} of {len(pages)}" if len(pages) > 1 else ""
    ticks = [_tick(board, each) for each in Circumstance] if tab is Tab.VOICES else []
    tabs = [go(label, View.PLAN, each, primary=each is tab) for each, label in TABS.items()]
    last = [go("Other specialties", View.PLAN, Tab.CHOOSE), go("Back to the board", View.BOARD)]
    return card(
        f"{TABS[tab]}: {_specialty_names(services, board)}, {board.season_year} Match{place}",
        "\n\n".join(pages[number]),
        meaning=Meaning.YOURS,
        rows=[ticks, tabs, [*last, *turn(View.PLAN, number, len(pages), tab)]],
        quiet=f"{ADVICE} {words.source_line(_citations(services.catalogue.letters, board, tab))}",
    )


def choose_card(services: Services, board: Board) -> Card:
    """Return the choice of specialties."""
    offered = services.catalogue.figures.index.suggest("", limit=25)
    options = [
        discord.SelectOption(label=shortened(each.name, 100), value=each.id, default=each.id in board.plan.specialties) for each in offered
    ]
    back = [go("Back to the mix", View.PLAN, Tab.MIX)] if board.plan.specialties else [go("Back to the board", View.BOARD)]
    return card(
        "What are your letters for?",
        CHOOSE,
        meaning=Meaning.YOURS,
        rows=[
            [SpecialtyChoice(options=options, placeholder="One specialty, or two", most=MOST_SPECIALTIES)],
            [TypeSpecialty(label="Type it"), *back],
        ],
        quiet="Stored encrypted; it shows the advice that fits, and nothing else follows from it.",
    )


def paged(blocks: Sequence[str]) -> list[list[str]]:
    """Return blocks in pages of limited length; at least one page."""
    pages: list[list[str]] = [[]]
    for block in blocks:
        if pages[-1] and sum(map(len, pages[-1])) + len(block) > ROOM:
            pages.append([])
        pages[-1].append(block)
    return pages


def _specialty_names(services: Services, board: Board) -> str:
    return " and ".join(words.specialty_name(services, each) for each in board.plan.specialties)


def _mix_blocks(services: Services, board: Board) -> list[str]:
    advice, specialties = services.catalogue.letters, board.plan.specialties
    wishes = {each: advice.wishes_for(each) for each in specialties}
    # What is wanted whatever the specialty is said once; where letters are counted by specialty, once for each.
    common = [wish for wish in wishes[specialties[0]] if not wish.specialties and wish.measure is not Measure.IN_SPECIALTY]
    blocks = ["**Whatever the specialty**\n" + "\n".join(map(_mix_line, mix(board.letters, common, specialties[0])))]
    for each in specialties:
        own = [wish for wish in wishes[each] if wish not in common]
        name = words.specialty_name(services, each)
        blocks.append(f"**{name}**\n" + "\n".join(map(_mix_line, mix(board.letters, own, each))))
    if not board.letters:
        blocks.append("No letter stands on your board yet, so yours are all 0. Add the first with /letters board.")
    if any(line.unclear for each in specialties for line in mix(board.letters, wishes[each], each)):
        blocks.append("Not clear means that details are missing: open the letter, and fill in the writer and the time together.")
    return blocks


def _mix_line(line: MixLine) -> str:
    verdict = "helps" if line.wish.is_help else {True: "enough", False: "not yet", None: "no number named"}[line.is_met]
    if line.wish.at_least is not None and not line.is_met and not line.wish.is_help:
        verdict = f"not yet, {line.wish.at_least - line.promised} more"
    hers = [f"{line.promised} promised or there"]
    hers += [f"{line.hoped} planned or asked"] if line.hoped else []
    hers += [f"{line.unclear} not clear"] if line.unclear else []
    return f"- **{verdict}:** {line.wish.text} Yours: {', '.join(hers)}."


def _dispute_blocks(services: Services, board: Board) -> list[str]:
    del board  # the same for everybody
    blocks = [
        "\n".join([f"**{dispute.question}**", *(f"- {side.text} ({_named(side)})" for side in dispute.sides)])
        for dispute in services.catalogue.letters.disputes
    ]
    return [*blocks, "The bot follows neither side: the mix counts by both, and a program may want something else."]


def _named(side: Advice) -> str:
    return ", ".join(words.link(source) for source in side.citation.sources)


def _warning_blocks(services: Services, board: Board) -> list[str]:
    found = warnings_of(board.letters, services.letters.plans.warning_season(board))
    numbers = {letter.id: number for number, letter in enumerate(board.letters, 1)}
    if not board.letters:
        return ["No letter stands on your board yet."]
    if not found:
        return ["Nothing that guides warn of, as far as the details of your letters are filled in."]
    return [f"{services.catalogue.letters.warnings[warned.warning].text}\n-# {_about(warned, numbers)}" for warned in found]


def _about(warned: Warned, numbers: dict[str, int]) -> str:
    if not warned.letters:
        return "About all your letters together."
    named = ", ".join(f"{numbers[letter.id]} {words.short_name(letter)}" for letter in warned.letters[:2])
    rest = [str(numbers[letter.id]) for letter in warned.letters[2:NUMBERS_SHOWN]]
    more = len(warned.letters) - NUMBERS_SHOWN
    listed = ", ".join([named, *rest]) + (f" and {more} more" if more > 0 else "")
    return f"Letter{'s' if len(warned.letters) > 1 else ''} {listed}."


def _tick(board: Board, circumstance: Circumstance) -> TickCircumstance:
    is_ticked = circumstance in board.plan.circumstances
    style = discord.ButtonStyle.primary if is_ticked else discord.ButtonStyle.secondary
    key = f"{circumstance.value}-{'off' if is_ticked else 'on'}"
    return TickCircumstance(key, label=words.CIRCUMSTANCES[circumstance] + (", ticked" if is_ticked else ""), style=style)


def _voice_blocks(services: Services, board: Board) -> list[str]:
    today = services.letters.plans.today(board.member)
    blocks = ["Tick what may need a word of context. A letter can give it; nobody should be asked to explain anything away."]
    for each in Circumstance:
        if each in board.plan.circumstances:
            heard = voices(each, board.letters, board.plan.specialties, today)
            advice = services.catalogue.letters.circumstances[each]
            blocks.append(f"**{words.CIRCUMSTANCES[each]}**\n{advice.text}\n{_voice_lines(heard)}")
    if len(blocks) > 1:
        blocks.append("-# Our reading, by what you filled in: 4 weeks or more, hands-on, current within two years, recent within one.")
    return blocks


def _voice_lines(heard: Sequence[Voice]) -> str:
    able = [voice.letter for voice in heard if voice.credibility is Credibility.YES]
    perhaps = [voice for voice in heard if voice.credibility is Credibility.PERHAPS]
    lines = [f"- **Can credibly speak to it:** {_names(able)}." if able else "- None of your writers so far, by what is filled in."]
    if perhaps:
        missing = list(dict.fromkeys(MISSING[name] for voice in perhaps for name in voice.missing))
        lines.append(f"- **Perhaps:** {_names([voice.letter for voice in perhaps])}. Fill in: {', '.join(missing)}.")
    return "\n".join(lines)


def _names(letters: Sequence[Letter]) -> str:
    names = ", ".join(words.short_name(letter) for letter in letters[:NAMES_SHOWN])
    return names + (f" and {len(letters) - NAMES_SHOWN} more" if len(letters) > NAMES_SHOWN else "")


def _citations(advice: LetterAdvice, board: Board, tab: Tab) -> list[Any]:
    if tab is Tab.MIX:
        return [wish.citation for each in board.plan.specialties for wish in advice.wishes_for(each)]
    if tab is Tab.DISPUTES:
        return [side.citation for dispute in advice.disputes for side in dispute.sides]
    return [each.citation for each in (advice.warnings if tab is Tab.WARNINGS else advice.circumstances).values()]


ITEMS = (SpecialtyChoice, TypeSpecialty, TickCircumstance)
