"""The algorithm on her own list, with program lists that are made up; nothing of it is stored, all of it stands in the buttons."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence

import discord

from bot.domain.matching.deferred_acceptance import match
from bot.domain.matching.invention import HER, MOST_PROGRAMS, Invented, Placement, invent, safe_choice_tried
from bot.domain.matching.market import moved_first, sure_program
from bot.domain.matching.trace import trace
from bot.domain.programs import Program
from bot.domain.rank_list import RankList
from bot.errors import UserFacingError
from bot.services.bundle import Services
from cogs._ui.actions import Choice, Interaction
from cogs._ui.cards import Card, Meaning, card
from cogs._ui.ways import number_in
from cogs.ranklist import _words as words
from cogs.ranklist._explain import lines_text, pages_of
from cogs.ranklist._ways import STALE, View, go, page_of, parts_of, show, shows, turn

NEW = "new"
MOST_SEED = 1_000_000
TRIES = 100
"""So many made-up matches show what the safe choice first does."""
_CODES = {"_": None, "h": Placement.HIGH, "m": Placement.MIDDLE, "l": Placement.LOW, "n": Placement.NOT_RANKED}
_LETTERS = {placement: letter for letter, placement in _CODES.items()}
NO_LIST = UserFacingError(
    "There is no list to walk through yet.", "Make one with /ranklist board, or open a worked example in /ranklist explain."
)


class OpenPlacing(Choice, prefix="ranklist:placing"):
    """Open one program, to say where it places her; the key holds seed and placements."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it, in place."""
        await show(interaction, View.PLACING, self.key, values[0])


def walked(programs: Sequence[Program]) -> list[Program]:
    """Return the programs of a list that are walked through; raise UserFacingError where there is none."""
    if not programs:
        raise NO_LIST
    return list(programs[:MOST_PROGRAMS])


def seed_in(text: str) -> int:
    """Return the seed of a key; for a new walk, one that was not seen before."""
    return secrets.randbelow(MOST_SEED) if text == NEW else number_in(text) % MOST_SEED


def placements_in(text: str, programs: Sequence[Program]) -> dict[str, Placement]:
    """Return where she said that programs place her; a letter for each program of the list, in order."""
    found = ((program.id, _CODES.get(letter)) for program, letter in zip(programs, text, strict=False))
    return {program_id: placement for program_id, placement in found if placement is not None}


def placements_text(chosen: Mapping[str, Placement], programs: Sequence[Program]) -> str:
    """Return the same as it stands in a key."""
    return "".join(_LETTERS[chosen.get(program.id)] for program in programs)


@shows(View.WALK)
async def walk_card(services: Services, interaction: Interaction, rest: str = NEW) -> Card:
    """Return one page of a walk through her list: what is made up first, then line by line."""
    board = await services.rank_lists.board(interaction.user.id)
    programs = walked(board.named())
    seed_text, chosen_text, width, page_text = parts_of(rest, 4)
    seed, chosen = seed_in(seed_text), placements_in(chosen_text, programs)
    invented, names = invent([each.id for each in programs], seed, chosen), _names(programs)
    events = list(enumerate(trace(invented.market), 1))
    is_all = width == "all"
    shown = events if is_all else [(number, event) for number, event in events if event.concerns(HER)]
    pages = 1 + pages_of(len(shown))
    page = page_of(page_text, pages)
    key = (seed, placements_text(chosen, programs))
    if page == 0:
        blocks = [_left_out(board.held), _invented_text(programs, invented, chosen), _place_line(invented, names)]
    else:
        blocks = [lines_text(shown, page - 1, names), _place_line(invented, names) if page == pages - 1 else ""]
    return card(
        f"The algorithm on your list, example {seed} · {page + 1} of {pages}",
        words.INVENTED,
        *blocks,
        meaning=Meaning.YOURS,
        rows=[
            turn(View.WALK, page, pages, *key, "all" if is_all else "mine"),
            [
                go("Another example", View.WALK, NEW, key[1]),
                go("Only my lines" if is_all else "All lines", View.WALK, *key, "mine" if is_all else "all", 1, mark="width"),
                go("Safe choice first", View.WALK_SAFE, *key),
                go("Back", View.EXPLAIN),
            ],
            [_placing_choice(programs, invented, key)],
        ],
        quiet=f"{words.source_line(words.citations(services, 'algorithm'))}\nCouples are left out. Nothing of this walk is stored.",
    )


def _left_out(held: RankList) -> str:
    """Return what of her list this walk leaves out."""
    count = len(held.primary)
    long = f"Your list has {count} programs; the first {MOST_PROGRAMS} are walked through here." if count > MOST_PROGRAMS else ""
    couple = "You rank as one of a couple: this walk treats you as if you ranked alone." if held.is_couple else ""
    return " ".join(part for part in (long, couple) if part)


def _names(programs: Sequence[Program]) -> dict[str, str]:
    return {each.id: words.program_name(each) for each in programs}


def _invented_text(programs: Sequence[Program], invented: Invented, chosen: Mapping[str, Placement]) -> str:
    lines: list[str] = []
    for number, program in enumerate(programs, 1):
        listed = invented.market.programs[program.id]
        whose = "you said" if program.id in chosen else "made up"
        at = f"you are no. {listed.ranked.index(HER) + 1} of {len(listed.ranked)}" if HER in listed.ranked else "it does not rank you"
        places = f"{listed.places} place{'s' if listed.places > 1 else ''}"
        lines.append(f"{number}. {words.program_name(program)}: {places}; {at} ({whose})")
    return "\n".join(lines)


def _place_line(invented: Invented, names: Mapping[str, str]) -> str:
    program = match(invented.market).program_of.get(HER)
    if program is None:
        return "**In this example** you stay without a place: no program that holds you is left."
    return f"**In this example** you match to {names[program]}, your no. {invented.hers.index(program) + 1}."


def _placing_choice(programs: Sequence[Program], invented: Invented, key: tuple[int, str]) -> OpenPlacing:
    options = [
        discord.SelectOption(
            label=f"{number}. {words.bare_name(program)}",
            value=str(number),
            description=words.PLACEMENTS[invented.placements[program.id]],
        )
        for number, program in enumerate(programs, 1)
    ]
    return OpenPlacing(f"{key[0]}-{key[1]}", options=options, placeholder="Say where a program places you")


@shows(View.PLACING)
async def placing_card(services: Services, interaction: Interaction, rest: str) -> Card:
    """Return the four places that a program can give her in this walk."""
    programs = walked((await services.rank_lists.board(interaction.user.id)).named())
    seed_text, chosen_text, number_text = parts_of(rest, 3)
    number = number_in(number_text)
    if not 1 <= number <= len(programs):
        raise STALE
    program, seed, chosen = programs[number - 1], seed_in(seed_text), placements_in(chosen_text, programs)
    here = {placement: placements_text({**chosen, program.id: placement}, programs) for placement in Placement}
    kept = placements_text({each: placement for each, placement in chosen.items() if each != program.id}, programs)
    return card(
        "Where does it place you",
        f"**{words.program_name(program)}**, no. {number} on your list. You can't know it: choose what you would like to see.",
        "\n".join(f"- {words.PLACEMENTS[placement]}" for placement in Placement),
        meaning=Meaning.YOURS,
        rows=[
            [go(_LABELS[placement], View.WALK, seed, text, mark=placement.value) for placement, text in here.items()],
            [go("Make it up", View.WALK, seed, kept, mark="made"), go("Back", View.WALK, seed, placements_text(chosen, programs))],
        ],
        quiet="The other lists of this example stay as they are.",
    )


_LABELS = {Placement.HIGH: "High", Placement.MIDDLE: "Middle", Placement.LOW: "Low", Placement.NOT_RANKED: "Not ranked"}


@shows(View.WALK_SAFE)
async def walk_safe_card(services: Services, interaction: Interaction, rest: str) -> Card:
    """Return her true order beside the safe choice put first, with the same made-up lists; and what a hundred examples give."""
    programs = walked((await services.rank_lists.board(interaction.user.id)).named())
    seed_text, chosen_text = parts_of(rest, 2)
    seed, chosen = seed_in(seed_text), placements_in(chosen_text, programs)
    ids, names = [each.id for each in programs], _names(programs)
    # A hundred matches take a moment: others are answered meanwhile.
    trial = await asyncio.to_thread(safe_choice_tried, ids, seed, chosen, TRIES)
    tried = (
        f"**In {TRIES} made-up examples** from this one on, {trial.tried} had a safe choice that did not stand first. Putting it first "
        f"gave the same place in {trial.same}, a worse one in {trial.worse}, a better one in {trial.better}."
    )
    return card(
        "Safe choice first: does it help",
        words.INVENTED,
        _side_by_side(invent(ids, seed, chosen), names),
        tried if trial.tried else "",
        "It can't help, whatever the lists are: a program that is sure to hold you does so as well when you come to it later.",
        meaning=Meaning.YOURS,
        rows=[
            [
                go("Another example", View.WALK_SAFE, NEW, chosen_text, mark="new"),
                go("Back to the walk", View.WALK, seed, placements_text(chosen, programs)),
            ]
        ],
        quiet=words.source_line(words.citations(services, "true_order", "algorithm")),
    )


def _side_by_side(invented: Invented, names: Mapping[str, str]) -> str:
    market, wanted = invented.market, invented.hers
    sure = sure_program(market, HER)
    if sure is None:
        return (
            "In this example no program is a safe choice: none ranks you within its places. Try another, or say that one places you high."
        )

    def got(listed: tuple[str, ...]) -> str:
        program = match(market.with_list(HER, listed)).program_of.get(HER)
        rank = None if program is None else wanted.index(program) + 1
        return words.rank_words(rank, len(wanted), lambda number: names[wanted[number - 1]])

    first = f"**Your true order:** {got(wanted)}."
    if wanted[0] == sure:
        return f"{first}\nYour safe choice, {names[sure]}, stands first anyway."
    return (
        f"The safe choice of this example: {names[sure]}, your no. {wanted.index(sure) + 1}, which ranks you within its places.\n{first}\n"
        f"**{names[sure]} put first:** {got(moved_first(wanted, sure))}."
    )


ITEMS = (OpenPlacing,)
