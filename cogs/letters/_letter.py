"""The card of one letter: how far it is, what comes next, and the ways to change it, forward and back."""

from typing import Any

import discord

from bot.domain.letter_drafts import DraftKind
from bot.domain.letter_mix import LetterWarning, warnings_about
from bot.domain.letters import ApplicationService, Letter, LetterState, Waiver, ladder, state_after, state_before
from bot.services.bundle import Services
from bot.services.letter_follow_ups import day_text
from bot.services.letter_plans import Board
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, plain, send_card, shortened
from cogs._ui.ways import number_in
from cogs.letters import _words as words
from cogs.letters._buttons import OpenPacket, draft_button, whom_letter
from cogs.letters._draft import FITTING
from cogs.letters._forms import AddLetter, Details
from cogs.letters._ways import STALE, View, go, show, shows, split_key

PRIMARY, DANGER = discord.ButtonStyle.primary, discord.ButtonStyle.danger
NOTES_SHOWN = 300
WARNINGS_SHOWN = 5


class Advance(Action, prefix="letters:to"):
    """Move the letter in the key to a state; the key also holds where the card showed it, so that a second press moves it no further."""

    async def act(self, interaction: Interaction) -> None:
        """Move it, and show it as it stands."""
        letter_id, rest = split_key(self.key)
        shown, _, state = rest.partition("-")
        await interaction.client.services.letters.move(interaction.user.id, letter_id, _state(state), shown=_state(shown))
        await show(interaction, View.LETTER, letter_id)


class StateChoice(Choice, prefix="letters:state"):
    """Move the letter in the key to the state that was chosen."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Move it, and show it as it stands."""
        await interaction.client.services.letters.move(interaction.user.id, self.key, _state(values[0]))
        await show(interaction, View.LETTER, self.key)


class Undo(Action, prefix="letters:undo"):
    """Take back the last change of state; the key holds the letter and how many there were."""

    async def act(self, interaction: Interaction) -> None:
        """Take it back, and show the letter as it stands."""
        letter_id, changes = split_key(self.key)
        await interaction.client.services.letters.undo(interaction.user.id, letter_id, shown=number_in(changes))
        await show(interaction, View.LETTER, letter_id)


class ChooseWaiver(Action, prefix="letters:waive"):
    """Store what she decided on the waiver; the key holds letter and decision."""

    async def act(self, interaction: Interaction) -> None:
        """Store it, and show the letter."""
        letter_id, decision = split_key(self.key)
        if decision not in {each.value for each in Waiver}:
            raise STALE
        await interaction.client.services.letters.change(interaction.user.id, letter_id, waiver=Waiver(decision))
        await show(interaction, View.LETTER, letter_id)


class DeleteLetter(Action, prefix="letters:delete"):
    """Delete the letter in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Delete it; a second press finds nothing and says so."""
        letter = await interaction.client.services.letters.delete(interaction.user.id, self.key)
        text = f"**{words.short_name(letter)}** is off your board, with its steps, reminders and programs. Nothing changed in any service."
        await send_card(interaction, card("Deleted", text, meaning=Meaning.DONE, rows=[[go("Back to the board", View.BOARD)]]), edit=True)


def _state(text: str) -> LetterState:
    if text not in {state.value for state in LetterState}:
        raise STALE
    return LetterState(text)


@shows(View.LETTER)
async def letter_card(services: Services, member_id: int, rest: str) -> Card:
    """Return one letter."""
    letter = await services.letters.get(member_id, rest)
    board = await services.letters.board(member_id, letter.season_year)
    fact = services.catalogue.letters.facts.get(words.FACTS.get(letter.service, ""))
    warned = warnings_about(letter, services.letters.plans.warning_season(board)) if not letter.is_declined else ()
    advice = [services.catalogue.letters.warnings[warning] for warning in warned]
    more = f"\n- and {len(advice) - WARNINGS_SHOWN} more, in /letters plan" if len(advice) > WARNINGS_SHOWN else ""
    warnings = "\n".join(f"- {each.text}" for each in advice[:WARNINGS_SHOWN]) + more
    return card(
        f"Letter of {words.short_name(letter)}, {letter.season_year} Match",
        words.who_line(services, letter),
        f"{words.ladder_line(letter, board.member)}\n-# {words.history_line(letter, board.member)}",
        f"**{'What next' if letter.is_declined else 'Next'}:** {words.next_line(letter)}",
        await _details(services, board, letter),
        words.fact_line(fact) if fact and letter.service is not ApplicationService.ERAS else "",
        f"**Advice, not a rule**\n{warnings}" if warnings else "",
        meaning=Meaning.DONE if letter.state is LetterState.ASSIGNED else Meaning.YOURS,
        rows=_rows(letter),
        quiet=words.source_line([*([fact.citation] if fact else []), *(each.citation for each in advice)]),
    )


async def _details(services: Services, board: Board, letter: Letter) -> str:
    programs = await services.letters.programs.of(letter)
    target = services.letters.plans.target_of(letter, board)
    today = services.letters.plans.today(board.member)
    physician = {True: "a physician", False: "not a physician", None: ""}[letter.is_physician]
    weeks = "" if letter.weeks is None else f"{letter.weeks} week{'' if letter.weeks == 1 else 's'}"
    last = f"until {day_text(letter.last_on)}" if letter.last_on else ""
    together = ", ".join(part for part in (words.SETTINGS.get(letter.setting, ""), weeks, last, physician) if part)
    lines = [
        f"**Together:** {together or 'not filled in yet'}",
        f"**Kind:** {words.KINDS[letter.kind]}, through {words.SERVICES[letter.service]}"
        + (f", imported from the {letter.imported_from} Match" if letter.is_imported else ""),
        f"**Waiver:** {words.WAIVERS[letter.waiver]}",
    ]
    if not letter.is_in and not letter.is_declined:
        passed = " (passed; nothing is scheduled for it)" if target and target < today else ""
        lines.append(f"**By:** {day_text(target)}, {words.days_from(today, target)}{passed}" if target else "**By:** not known")
    if programs:
        lines.append(f"**Programs:** {sum(each.is_assigned for each in programs)} of {len(programs)} assigned")
    if letter.notes:
        lines.append(f"**Notes:** {plain(shortened(letter.notes, NOTES_SHOWN))}")
    return "\n".join(lines)


def _rows(letter: Letter) -> list[list[discord.ui.Item[Any]]]:
    after, before = state_after(letter), state_before(letter)
    moves: list[discord.ui.Item[Any]] = []
    if after is not None:
        moves.append(Advance(f"{letter.id}-{letter.state}-{after}", label=_button(letter, after), style=PRIMARY))
    if before is not None:
        moves.append(Advance(f"{letter.id}-{letter.state}-{before}", label=f"Back to {words.state_name(before, letter.service)}"))
    if not letter.is_declined and not letter.is_in:
        moves.append(Advance(f"{letter.id}-{letter.state}-{LetterState.DECLINED}", label="Declined"))
    if len(letter.history) > 1:
        moves.append(Undo(f"{letter.id}-{len(letter.history)}", label="Undo"))
    if letter.is_declined:
        moves.append(AddLetter(label="Add another letter", style=PRIMARY))
    states = [*ladder(letter.service), LetterState.DECLINED]
    options = [discord.SelectOption(label=_button(letter, state), value=state.value, default=state is letter.state) for state in states]
    return [
        moves,
        [StateChoice(letter.id, options=options, placeholder="Where it stands")],
        [
            Details(f"{letter.id}-who", label="The writer"),
            Details(f"{letter.id}-together", label="Time together"),
            Details(f"{letter.id}-letter", label="Kind, date, notes"),
            go("Waiver", View.WAIVER, letter.id),
            OpenPacket(letter.id, label="Packet"),
        ],
        [
            go("Programs", View.PROGRAMS, letter.id, 0),
            go("Follow-ups", View.LETTER_STEPS, letter.id),
            draft_button(FITTING.get(letter.state, DraftKind.FOLLOW_UP), whom_letter(letter.id), "Words to copy"),
            go("Delete", View.DELETE, letter.id),
            go("Back to the board", View.BOARD, letter.season_year),
        ],
    ]


def _button(letter: Letter, state: LetterState) -> str:
    return words.state_name(state, letter.service).capitalize()


@shows(View.WAIVER)
async def waiver_card(services: Services, member_id: int, rest: str) -> Card:
    """Return what the waiver is, why guides advise it, and the choice."""
    letter = await services.letters.get(member_id, rest)
    advice = services.catalogue.letters
    buttons: list[discord.ui.Item[Any]] = [
        ChooseWaiver(f"{letter.id}-{choice}", label=label, style=PRIMARY if letter.waiver is choice else discord.ButtonStyle.secondary)
        for choice, label in ((Waiver.WAIVED, "I waive it"), (Waiver.KEPT, "I keep the right"), (Waiver.UNDECIDED, "Not decided"))
    ]
    return card(
        f"Waiver: letter of {words.short_name(letter)}",
        words.fact_line(advice.facts["waiver"]),
        "**Why guides advise to waive it (advice, not a rule):** programs tend to trust a letter more when its subject can't read it. "
        "For nearly every IMG they call it the safe choice; who fears what it says had better ask another writer.",
        ""
        if letter.service is ApplicationService.ERAS
        else f"That is what ERAS asks; what {words.SERVICES[letter.service]} asks is not held.",
        f"Now noted here: {words.WAIVERS[letter.waiver]}. What counts is what you choose in the service itself.",
        meaning=Meaning.YOURS,
        rows=[buttons, [go("Back to the letter", View.LETTER, letter.id)]],
        quiet=words.source_line([advice.warnings[LetterWarning.WAIVER_KEPT].citation]),
    )


@shows(View.DELETE)
async def delete_card(services: Services, member_id: int, rest: str) -> Card:
    """Ask before a letter goes."""
    letter = await services.letters.get(member_id, rest)
    text = (
        f"**{words.short_name(letter)}** goes from your board for good, with its history, notes, steps, reminders and programs. "
        "Nothing changes in ERAS or elsewhere. If the writer only said no, Declined keeps the history."
    )
    buttons: list[discord.ui.Item[Any]] = [
        DeleteLetter(letter.id, label="Delete", style=DANGER),
        go("Keep", View.LETTER, letter.id),
    ]
    return card("Delete this letter?", text, meaning=Meaning.ATTENTION, rows=[buttons])


ITEMS = (Advance, StateChoice, Undo, ChooseWaiver, DeleteLetter)
