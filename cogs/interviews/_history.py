"""What was practised when, what was weak, when it comes again, and how a round is removed."""

import discord

from bot.domain.practice import Mark, Round, Standing, due, standings
from bot.services.practice import PracticeService
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, shortened
from cogs._ui.times import stamp
from cogs._ui.ways import number_in
from cogs.interviews import _words as words
from cogs.interviews._round import round_card
from cogs.interviews._ways import go, put, service_of, shows

ROUNDS_A_PAGE = 8
WEAK_SHOWN = 8
OPEN = "Open a round"


class OpenRound(Choice, prefix="practice:open"):
    """Open the round that was chosen."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it."""
        service = service_of(interaction)
        await put(interaction, round_card(service, await service.get(interaction.user.id, values[0])))


class RemoveRound(Action, prefix="practice:remove"):
    """Remove the round in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Remove it; a second press finds nothing, and that is the same."""
        service = service_of(interaction)
        await service.remove(interaction.user.id, self.key)
        await put(interaction, await history_card(service, interaction, 0, "That round is removed."))


@shows("remove")
async def draw_remove(interaction: Interaction, rest: str) -> Card:
    """Ask before a round goes."""
    service = service_of(interaction)
    round_ = await service.get(interaction.user.id, rest)
    return card(
        "Remove this round?",
        f"{_round_line(service, round_)}\nIts marks and notes go with it, for good, and no longer count for what comes again.",
        meaning=Meaning.ATTENTION,
        rows=[[RemoveRound(round_.id, label="Remove it", style=discord.ButtonStyle.danger), go("Keep it", "round", round_.id)]],
    )


@shows("history")
async def draw_history(interaction: Interaction, rest: str) -> Card:
    """Return the page of the history in the key."""
    return await history_card(service_of(interaction), interaction, number_in(rest))


async def history_card(service: PracticeService, interaction: Interaction, page: int, remark: str = "") -> Card:
    """Return one page of her rounds, what was weak, and the rule by which it comes again."""
    rounds = await service.rounds_of(interaction.user.id)
    if not rounds:
        return card(
            "Nothing was practised yet",
            remark,
            "The first round takes five minutes.",
            rows=[[go("Set up a round", "setup"), go("Back", "home")]],
        )
    pages = -(-len(rounds) // ROUNDS_A_PAGE)
    page = min(page, pages - 1)
    shown = rounds[page * ROUNDS_A_PAGE : (page + 1) * ROUNDS_A_PAGE]
    found = {each: standing for each, standing in standings(rounds).items() if each in service.texts.questions}
    options = [
        discord.SelectOption(label=_label(service, round_), value=round_.id, description=f"{round_.started_at:%d %b %Y, %H:%M} UTC")
        for round_ in shown
        if round_.is_readable
    ]
    turns = [go("Newer", "history", page - 1, disabled=page == 0), go("Older", "history", page + 1, disabled=page >= pages - 1)]
    return card(
        f"What you practised ({len(rounds)} round{'s' if len(rounds) > 1 else ''}, {len(found)} question{'s' if len(found) != 1 else ''})",
        remark,
        "\n".join(_round_line(service, round_) for round_ in shown),
        _weak_block(service, interaction, found),
        words.RULE,
        meaning=Meaning.YOURS,
        rows=[
            [OpenRound(str(page), options=options, placeholder=OPEN)] if options else [],
            [*(turns if pages > 1 else []), go("Weak ones again", "again"), go("Back", "home")],
        ],
        quiet=(f"Page {page + 1} of {pages}.\n" if pages > 1 else "") + words.PRIVATE,
    )


def _label(service: PracticeService, round_: Round) -> str:
    state = "goes on" if round_.is_under_way else f"{len(round_.answered)} of {len(round_.items)} answered"
    return f"{words.of_words(service.texts, round_.of)}, {state}"


def _round_line(service: PracticeService, round_: Round) -> str:
    when = stamp(round_.started_at, "f")
    if not round_.is_readable:
        return f"- {when} · what it held can't be read any more"
    weak = sum(item.mark is Mark.WEAK for item in round_.items)
    return f"- {when} · {_label(service, round_)}" + (f" · {weak} weak" if weak else "")


def _weak_block(service: PracticeService, interaction: Interaction, found: dict[str, Standing]) -> str:
    weak = sorted(
        (each for each in found.values() if each.mark is Mark.WEAK and each.again_at), key=lambda each: (each.again_at, each.question_id)
    )
    if not weak:
        return "**Weak at present:** none that you marked."
    now = interaction.client.services.clock.now()
    lines = [
        f"- {shortened(service.texts.questions[each.question_id].title, 90)} · "
        + ("due now" if each.is_due(now) or each.again_at is None else f"again {stamp(each.again_at, 'R')}")
        for each in weak[:WEAK_SHOWN]
    ]
    more = f"\n-# and {len(weak) - WEAK_SHOWN} more" if len(weak) > WEAK_SHOWN else ""
    return "**Weak at present**\n" + "\n".join(lines) + more


@shows("again")
async def draw_again(interaction: Interaction, _rest: str) -> Card:
    """Return the set-up of a round of what is due; where nothing is, when the next is."""
    from bot.domain.practice import AGAIN
    from cogs.interviews._home import Plan, setup_card

    service, member_id = service_of(interaction), interaction.user.id
    found, now = await service.standings(member_id), interaction.client.services.clock.now()
    if due(found, now):
        return await setup_card(service, member_id, Plan(AGAIN, (await service.known_kind(member_id)).kind))
    ahead = min((each.again_at for each in found.values() if each.again_at), default=None)
    next_line = f"The next one is due {stamp(ahead, 'R')}." if ahead else "No question has a mark of yours yet."
    return card(
        "Nothing is due again", next_line, words.RULE, meaning=Meaning.YOURS, rows=[[go("Set up a round", "setup"), go("Back", "home")]]
    )


ITEMS = (OpenRound, RemoveRound)
