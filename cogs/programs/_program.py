"""One program: what is noted of it, where and when it was read, its letters; another stage, another part, removed, taken back."""

from collections.abc import Sequence
from typing import Any

import discord

from bot.domain.letters import Letter
from bot.domain.program_fields import SERVICES, SIGNALS
from bot.domain.programs import Noted, Program, ProgramStage, Signal
from bot.services.programs import ProgramService
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, plain, shortened
from cogs.programs import _words as words
from cogs.programs._forms import PARTS, FillPart
from cogs.programs._ways import STALE, Said, Screen, View, draws, go, services_of, show, split_key, undo_row, unpack

WHOLE, SHORT = 600, 110
"""How much of a long text a card shows: whole where it fits, else shortened everywhere."""
MOST = 3_500
"""Characters of the facts; the rest of a card needs some 400."""
CUT = "Long texts are shortened here; their forms and the export hold them whole."
LETTERS_SHOWN = 4


class MoveProgram(Choice, prefix="programs:stage"):
    """Move the program in the key to the stage chosen."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Move it, and show it."""
        packed, program_id = split_key(self.key, 2)
        if values[0] not in set(ProgramStage):
            raise STALE
        stage = ProgramStage(values[0])
        done = await services_of(interaction).programs.move(interaction.user.id, program_id, stage)
        said = Said(f"**Now: {words.STAGES[stage]}**, since today.", done.token) if done.token else Said("It is in that stage already.")
        await show(interaction, Screen.PROGRAM, unpack(packed), program_id, said)


class RemoveProgram(Action, prefix="programs:remove"):
    """Remove the program in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Remove it, and show the list, where it can be taken back."""
        packed, program_id = split_key(self.key, 2)
        done = await services_of(interaction).programs.remove(interaction.user.id, program_id)
        back = " Undo brings it back, until your next change." if done.token else ""
        said = Said(f"**Removed:** {words.name_of(done.programs[0])}.{back}", done.token)
        await show(interaction, Screen.LIST, unpack(packed), "", said)


@draws(Screen.PROGRAM)
async def program_card(interaction: Interaction, view: View, rest: str, said: Said) -> Card:
    """Return one program's card."""
    programs = services_of(interaction).programs
    program = await programs.get(interaction.user.id, rest)
    letters = (await programs.letters_for([program])).get(program.id, ())
    blocks = _blocks(programs, program, letters, brief=False)
    is_cut = sum(map(len, blocks)) > MOST
    if is_cut:
        blocks = _blocks(programs, program, letters, brief=True)
    return card(
        words.name_of(program, 80 if not is_cut else 60),
        said.text,
        *blocks,
        meaning=Meaning.YOURS,
        rows=_rows(program, view, said),
        quiet=f"{words.PRIVATE}{f' {CUT}' if is_cut else ''}",
    )


def _blocks(programs: ProgramService, program: Program, letters: Sequence[tuple[Letter, bool]], *, brief: bool) -> list[str]:
    if not program.is_readable:
        return [f"**Stage:** {words.STAGES[program.stage]}", "What you noted can't be read any more. Add it anew, then remove this one."]
    return [
        _head(programs, program, brief=brief),
        _stage(program),
        _facts(program, brief=brief),
        _application(program, letters, brief=brief),
        _own(program, brief=brief),
    ]


def _head(programs: ProgramService, program: Program, *, brief: bool) -> str:
    link = f"[its page](<{program.link}>)" if program.link else ""
    second = [f"Through {SERVICES[program.service]}", program.code, link]
    read = words.reading_text(program.readings.get(Noted.BASICS), brief=brief)
    carried = f"Carried over from your {program.carried_from} list: read its facts anew." if program.carried_from else ""
    lines = [words.what_line(programs, program), " · ".join(part for part in second if part), f"-# {read}" if read else "", carried]
    return "\n".join(line for line in lines if line)


def _stage(program: Program) -> str:
    earlier = [f"{words.STAGES[each.stage]} {words.on_day(each.at)}" for each in program.history[:-1][-5:]]
    before = f"\n-# Before: {', '.join(earlier)}" if earlier else ""
    return f"**{words.STAGES[program.stage].capitalize()}** since {words.on_day(program.stage_since)}{before}"


def _facts(program: Program, *, brief: bool) -> str:
    lines: list[str] = []
    missing: list[str] = []
    for noted, name in words.FACTS.items():
        value = words.fact_text(program, noted, SHORT if brief else WHOLE)
        read = words.reading_text(program.readings.get(noted), brief=brief)
        if value:
            lines.append(f"- **{name}:** {value}{f' ({read})' if read else ''}")
        else:
            missing.append(name if name.startswith(("IMGs", "Step")) else name[:1].lower() + name[1:])
    if missing:
        lines.append(f"-# Not noted yet: {', '.join(missing)}")
    return "\n".join(lines)


def _application(program: Program, letters: Sequence[tuple[Letter, bool]], *, brief: bool) -> str:
    signal = "none spent" if program.signal is Signal.NONE else f"{SIGNALS[program.signal]}, spent"
    names = [
        f"{plain(shortened(letter.writer, 30))} ({'assigned' if is_assigned else 'not assigned yet'})"
        for letter, is_assigned in letters[:LETTERS_SHOWN]
    ]
    more = f" and {len(letters) - LETTERS_SHOWN} more" if len(letters) > LETTERS_SHOWN else ""
    lines = [
        f"**Signal:** {signal}",
        f"**Letters:** {', '.join(names)}{more}" if names else "**Letters:** none is for it yet; /letters board names the programs of each",
        f"**Statement:** {plain(shortened(program.statement, SHORT if brief else WHOLE))}" if program.statement else "",
    ]
    return "\n".join(line for line in lines if line)


def _own(program: Program, *, brief: bool) -> str:
    most = SHORT if brief else WHOLE
    lines = [
        f"**Resident contacted:** {plain(shortened(program.contact, most))}" if program.contact else "",
        f"**Your notes:** {plain(shortened(program.notes, most))}" if program.notes else "",
    ]
    return "\n".join(line for line in lines if line)


def _rows(program: Program, view: View, said: Said) -> list[list[discord.ui.Item[Any]]]:
    key = f"{view.pack()}.{program.id}"
    stages = [
        discord.SelectOption(label=word[:1].upper() + word[1:], value=stage.value, default=stage is program.stage)
        for stage, word in words.STAGES.items()
    ]
    parts = [discord.SelectOption(label=name, value=part.value, description=asks) for part, (name, asks) in PARTS.items()]
    fit = [] if program.is_closed else [go("What fits", Screen.FIT_OF, view, f"-.{program.id}")]
    buttons: list[discord.ui.Item[Any]] = [
        go("Back to the list", Screen.LIST, view),
        *fit,
        RemoveProgram(key, label="Remove", style=discord.ButtonStyle.danger),
        *undo_row(view, said, program.id),
    ]
    if not program.is_readable:
        return [buttons]
    return [[MoveProgram(key, options=stages, placeholder="Stage")], [FillPart(key, options=parts, placeholder="Fill in a part")], buttons]


ITEMS = (MoveProgram, RemoveProgram)
