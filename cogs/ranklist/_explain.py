"""``/ranklist explain``: what the algorithm does, and NRMP's worked examples, line by line."""

from collections.abc import Mapping, Sequence

import discord

from bot.domain.matching.deferred_acceptance import match
from bot.domain.matching.market import Market, Matching, moved_first, sure_program
from bot.domain.matching.trace import Event, result_of, trace
from bot.domain.rank_facts import WorkedExample
from bot.services.bundle import Services
from cogs._ui.actions import Choice, Interaction
from cogs._ui.cards import Card, card
from cogs._ui.ways import number_in
from cogs.ranklist import _words as words
from cogs.ranklist._ways import STALE, View, go, page_of, parts_of, show, shows, turn

LINES_PER_PAGE = 12
NO_LIST = "You have no list yet: /ranklist board makes one from your programs. Until then these examples show the same."


class OpenExample(Choice, prefix="ranklist:example"):
    """Open one of the worked examples."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show its lists, in place."""
        await show(interaction, View.EXAMPLE, values[0], 0, 0)


@shows(View.EXPLAIN)
async def explain_card(services: Services, interaction: Interaction, rest: str = "") -> Card:  # noqa: ARG001 - as every view
    """Return what the algorithm does, and the ways to see it at work."""
    board = await services.rank_lists.board(interaction.user.id)
    has_list = bool(board.held.primary)
    facts = ("algorithm", "true_order", "couples_left_out")
    buttons = [go("Walk through my list", View.WALK, "new", primary=True)] if has_list else []
    return card(
        "How the match is made",
        words.fact_line(services, "algorithm"),
        words.fact_line(services, "true_order"),
        words.fact_line(services, "couples_left_out"),
        "See it on your own list with made-up program lists, or on a worked example." if has_list else NO_LIST,
        rows=[buttons, [_example_choice(services)], [go("My list", View.BOARD)]],
        quiet=words.source_line(words.citations(services, *facts)),
    )


def _example_choice(services: Services) -> OpenExample:
    options = [discord.SelectOption(label=each.title, value=each.id) for each in services.catalogue.rank_list.examples.values()]
    return OpenExample(options=options, placeholder="A worked example, line by line")


def example_of(services: Services, name: str) -> WorkedExample:
    """Return a worked example; raise UserFacingError where there is none of that name."""
    example = services.catalogue.rank_list.examples.get(name)
    if example is None:
        raise STALE
    return example


def in_order(market: Market, number: int) -> tuple[str, ...]:
    """Return an order of work: that of the example, or begun with another applicant."""
    people = tuple(market.applicants)
    at = number % len(people)
    return (*people[at:], *people[:at])


@shows(View.EXAMPLE)
async def example_card(services: Services, interaction: Interaction, rest: str) -> Card:  # noqa: ARG001 - as every view
    """Return one page of a worked example: the lists first, then what happens line by line, the result at the end."""
    name, order_text, page_text = parts_of(rest, 3)
    example, order = example_of(services, name), number_in(order_text)
    market = example.market
    people = in_order(market, order)
    events = list(trace(market, people))
    pages = 1 + pages_of(len(events))
    page = page_of(page_text, pages)
    if page == 0:
        blocks = [example.text, lists_text(market), f"Worked through in this order: {words.listed(people)}."]
    else:
        blocks = [lines_text(list(enumerate(events, 1)), page - 1, {})]
        if page == pages - 1:
            blocks.append(f"**Result**\n{result_text(market, result_of(events))}")
    return card(
        f"{example.title} · {page + 1} of {pages}",
        *blocks,
        rows=[
            turn(View.EXAMPLE, page, pages, name, order),
            [
                go("Begin with another", View.EXAMPLE, name, (order + 1) % len(people), pages - 1, mark="other"),
                go("Safe choice first", View.EXAMPLE_SAFE, name),
                go("Back", View.EXPLAIN),
            ],
        ],
        quiet=f"{words.source_line([example.citation])}\nWhoever is worked through first, the result is the same.",
    )


@shows(View.EXAMPLE_SAFE)
async def example_safe_card(services: Services, interaction: Interaction, rest: str) -> Card:  # noqa: ARG001 - as every view
    """Return for each applicant what the true order gives, beside the safe choice put first."""
    example = example_of(services, rest)
    lines = [_safe_line(example.market, who) for who in example.market.applicants]
    return card(
        "Safe choice first: does it help",
        "For each applicant: the true order, and beside it the same lists with only that applicant's safe choice moved to the top. "
        "A choice is safe where the program ranks the applicant within its places.",
        "\n".join(lines),
        "**Nobody ends better.** A program that is sure to hold you does so as well when you come to it later, and what stood above it was "
        "worth the try.",
        rows=[[go("The lists", View.EXAMPLE, rest, 0, 0), go("Back", View.EXPLAIN)]],
        quiet=words.source_line([example.citation, *words.citations(services, "true_order")]),
    )


def _safe_line(market: Market, who: str) -> str:
    wanted = market.applicants[who]

    def name(rank: int) -> str:
        return wanted[rank - 1]

    true = words.rank_words(match(market).rank_of(who, market), len(wanted), name)
    sure = sure_program(market, who)
    if sure is None:
        return f"- **{who}**: {true}. No program is a safe choice."
    if wanted[0] == sure:
        return f"- **{who}**: {true}. The safe choice stands first anyway."
    got = match(market.with_list(who, moved_first(wanted, sure))).program_of.get(who)
    safe = words.rank_words(None if got is None else wanted.index(got) + 1, len(wanted), name)
    return f"- **{who}**: true order {true}; {sure} first: {safe}."


# --- what every walk shows


def pages_of(lines: int) -> int:
    """Return how many pages so many lines fill; one at least."""
    return max(1, -(-lines // LINES_PER_PAGE))


def lines_text(events: Sequence[tuple[int, Event]], page: int, names: Mapping[str, str]) -> str:
    """Return one page of a walk, each line with its number in the whole."""
    shown = events[page * LINES_PER_PAGE : (page + 1) * LINES_PER_PAGE]
    return "\n".join(f"`{number}` {words.event_line(event, names)}" for number, event in shown)


def lists_text(market: Market) -> str:
    """Return the lists of both sides."""
    people = "\n".join(f"- {who}: {', '.join(wanted)}" for who, wanted in market.applicants.items())
    programs = "\n".join(
        f"- {name} ({program.places} places): {', '.join(program.ranked) or 'nobody'}" for name, program in market.programs.items()
    )
    return f"**Applicants**, most wanted first\n{people}\n**Programs**, most wanted first\n{programs}"


def result_text(market: Market, matching: Matching) -> str:
    """Return who got where, and who got nothing."""
    lines: list[str] = []
    for name, program in market.programs.items():
        got = matching.applicants_of(name, market)
        free = program.places - len(got)
        lines.append(f"- {name}: {', '.join(got) or 'nobody'}" + (f" ({free} unfilled)" if free else ""))
    unmatched = matching.unmatched(market)
    return "\n".join([*lines, f"- Unmatched: {', '.join(unmatched) or 'nobody'}"])


ITEMS = (OpenExample,)
