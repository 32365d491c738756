"""The words of a mock match: what it is, what its numbers are, what became of a member; nobody else is named anywhere."""

from collections.abc import Iterable

from bot.domain.mock_match import FEWEST_LISTS, MockMatch, Numbers, OwnResult
from cogs._ui.times import stamp
from cogs.ranklist._words import event_line, rank_words

WHAT = (
    "A game that shows how the matching algorithm works. **All programs are invented, and their lists are drawn by lot.** Join, put "
    "them in an order of your own, and see at the reveal where you are placed and why. Nothing of your real lists is used."
)
NOT_YOURS = "It is a game: it says nothing about anybody's own chances."
PRIVATE = "Only you see your list and your result. This card shows numbers, never who."
COUPLES = "Couples are left out: everybody plays alone."
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def program_name(program: str) -> str:
    """Return a program's name as it is shown."""
    return f"Program {program}"


def ordinal(number: int) -> str:
    """Return a number of a list in words."""
    return _ORDINALS[number - 1]


def counted(count: int, one: str, several: str) -> str:
    """Return how many there are of something."""
    return f"{count:,} {one if count == 1 else several}"


def joined_line(joined: int) -> str:
    """Return how many take part."""
    more = "" if joined >= FEWEST_LISTS else f" A reveal needs {FEWEST_LISTS} at least."
    return f"**Joined with at least one program: {joined:,}.**{more}"


def ends_line(game: MockMatch) -> str:
    """Return until when members may join."""
    return f"Open until {stamp(game.ends_at, 'f')}, or until a moderator reveals the result."


def programs_line(game: MockMatch) -> str:
    """Return the programs of a game."""
    return f"**Programs:** {', '.join(game.programs)}; one place or two each, by lot. Each leaves some applicants off its list."


def numbers_text(numbers: Numbers) -> str:
    """Return a result in numbers alone."""
    applicants, places = counted(numbers.applicants, "applicant", "applicants"), counted(numbers.places_in_all, "place", "places")
    lines = [f"{applicants}, {places} at {len(numbers.places)} programs."]
    lines += [f"- placed at their {ordinal(rank)} choice: **{count:,}**" for rank, count in enumerate(numbers.by_choice, 1)]
    lines.append(f"- at none: **{numbers.unplaced:,}**")
    lines.append(f"- places left: **{numbers.left:,}**")
    return "\n".join(lines)


def places_line(numbers: Numbers) -> str:
    """Return how many places each program had."""
    return f"**Places:** {', '.join(f'{program} {count}' for program, count in numbers.places.items())}"


def order_text(order: Iterable[str]) -> str:
    """Return her order, numbered."""
    lines = [f"{number}. {program_name(program)}" for number, program in enumerate(order, 1)]
    return "\n".join(lines) or "Nothing is on it yet. Choose your first program below."


def place_line(result: OwnResult) -> str:
    """Return where she was placed."""
    if result.rank is None:
        return "**You got no place:** every program of your list left you off its own, or was full with applicants it prefers."
    return f"**You were placed at {program_name(result.order[result.rank - 1])}, your {ordinal(result.rank)} choice.**"


def lines_text(result: OwnResult) -> str:
    """Return what happened to her, line by line."""
    names = {program: program_name(program) for program in result.order}
    return "\n".join(f"`{number}` {event_line(event, names)}" for number, event in enumerate(result.events, 1))


def safe_text(result: OwnResult) -> str:
    """Return what her safe choice put first would have given her."""
    heading = "**Safe choice first: nothing better.**"
    if result.sure is None:
        return (
            f"{heading} You had no safe choice: no program of your list ranked you within its places. No order of your list could have "
            "given you more than your true one."
        )
    sure = program_name(result.sure)
    if result.order[0] == result.sure:
        return f"{heading} Your safe choice, {sure}, which ranked you within its places, stood first anyway."
    true, safe = (
        rank_words(rank, len(result.order), lambda number: program_name(result.order[number - 1]))
        for rank in (result.rank, result.with_sure_first)
    )
    return (
        f"{heading} Your safe choice was {sure}, which ranked you within its places. Your order gave you {true}; with {sure} put first and "
        f"all else the same: {safe}."
    )
