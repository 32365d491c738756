"""``/letters draft``: what to say and send, filled with what is known; never the letter itself."""

import io
from dataclasses import dataclass

import discord
from discord import ui

from bot.domain.letter_drafts import DraftKind, filled, missing
from bot.domain.letters import Letter, LetterState
from bot.domain.rotations import Rotation
from bot.services.bundle import Services
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card, shortened
from cogs.letters._buttons import NOBODY, Shows, draft_button, draws, show, whom_letter, whom_rotation
from cogs.letters._filling import Known, filling, known_for, rotation_of
from cogs.letters._guidance import MIXED, STALE, advice_lines
from cogs.letters._words import bare_name, state_name

LETTER_ITSELF = "letter"
MOST_LETTERS, MOST_ROTATION_WRITERS = 14, 10
DRAFT_FILE = "draft.txt"
FITTING = {
    LetterState.PLANNED: DraftKind.IN_PERSON,
    LetterState.ASKED: DraftKind.MAIL,
    LetterState.DECLINED: DraftKind.HESITATES,
    LetterState.UPLOADED: DraftKind.THANKS,
    LetterState.ASSIGNED: DraftKind.THANKS,
}
"""What is said next, by where a letter stands; for the states between, the follow-up."""


@dataclass(frozen=True, slots=True)
class Whom:
    """Hold for whom a draft is: a letter's writer, one of a rotation's writers, or nobody by name."""

    key: str = NOBODY
    letter: Letter | None = None
    rotation: Rotation | None = None
    writer: str = ""


async def read_whom(services: Services, member_id: int, key: str) -> Whom:
    """Return for whom a key says a draft is; raise UserFacingError where that is gone, another's, or no key."""
    if key == NOBODY:
        return Whom()
    if key.startswith("l"):
        letter = await services.letters.get(member_id, key[1:])
        return Whom(key, letter, await rotation_of(services, letter))
    rotation_id, _, number = key[1:].partition(".")
    if not key.startswith("r") or not (number.isdecimal() or key == whom_rotation(rotation_id, None)):
        raise STALE
    rotation = await services.rotations.get(member_id, rotation_id)
    if not number:
        return Whom(key, None, rotation)
    if int(number) >= len(rotation.details.writers):
        raise STALE
    return Whom(key, None, rotation, rotation.details.writers[int(number)])


class KindChosen(Choice, prefix="draft:kind"):
    """Choose what to say; the key is for whom."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it in place."""
        await show(interaction, Shows.DRAFT, f"{values[0]}-{self.key}")


class WhomChosen(Choice, prefix="draft:whom"):
    """Choose for whom; the key is the kind."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it in place."""
        await show(interaction, Shows.DRAFT, f"{self.key}-{values[0]}")


class DraftAsFile(Action, prefix="draft:file"):
    """Hand a draft over as a file; the key is its kind and for whom it is."""

    async def act(self, interaction: Interaction) -> None:
        """Send it."""
        services: Services = interaction.client.services
        kind, _, key = self.key.partition("-")
        draft_kind = read_kind(kind)
        whom = await read_whom(services, interaction.user.id, key)
        draft = services.catalogue.letter_texts.drafts[draft_kind]
        text = filled(draft.text, filling(services, await _known(services, interaction.user.id, whom)))
        quiet = "Read it once more and make it yours. The file is kept nowhere here."
        view = card(draft.title, "The draft is in this file, as plain text.", meaning=Meaning.YOURS, quiet=quiet)
        view.container.add_item(ui.File(f"attachment://{DRAFT_FILE}"))
        await send_card(interaction, view, file=discord.File(io.BytesIO(f"{text}\n".encode()), filename=DRAFT_FILE))


async def open_draft(interaction: Interaction, services: Services) -> None:
    """Answer ``/letters draft``: what fits where her only open letter stands, else asking in person."""
    open_letters = [letter for letter in await services.letters.letters_of(interaction.user.id) if letter.is_readable and not letter.is_in]
    one = open_letters[0] if len(open_letters) == 1 else None
    kind = FITTING.get(one.state, DraftKind.FOLLOW_UP) if one else DraftKind.IN_PERSON
    await show(interaction, Shows.DRAFT, f"{kind.value}-{whom_letter(one.id) if one else NOBODY}", edit=False)


@draws(Shows.DRAFT)
async def draft_for(services: Services, member_id: int, key: str) -> Card:
    """Return the card of a draft, or the refusal to write the letter itself; the key is the kind and for whom."""
    kind, _, whom_key = key.partition("-")
    whom = await read_whom(services, member_id, whom_key)
    if kind == LETTER_ITSELF:
        return refusal_card(services, whom)
    return await draft_card(services, member_id, read_kind(kind), whom)


def read_kind(kind: str) -> DraftKind:
    """Return a kind by its value; raise UserFacingError where there is none."""
    if kind not in {each.value for each in DraftKind}:
        raise STALE
    return DraftKind(kind)


async def _known(services: Services, member_id: int, whom: Whom) -> Known:
    return await known_for(services, member_id, whom.letter, whom.rotation, whom.writer)


async def draft_card(services: Services, member_id: int, kind: DraftKind, whom: Whom) -> Card:
    """Return a draft filled with what is known, to be copied."""
    draft = services.catalogue.letter_texts.drafts[kind]
    filling_ = filling(services, await _known(services, member_id, whom))
    left = missing(draft.text, filling_)
    to_fill = f"Left to fill in: {len(left)} {'place' if len(left) == 1 else 'places'} in [brackets]." if left else ""
    rows = [
        [_kinds_select(services, kind.value, whom.key)],
        [await _whom_select(services, member_id, kind, whom)],
        [DraftAsFile(f"{kind.value}-{whom.key}", label="As a file")],
    ]
    return card(
        draft.title,
        draft.when,
        f"```\n{filled(draft.text, filling_)}\n```",
        f"{to_fill} Change whatever is not how you speak: it goes out in your name.".strip(),
        meaning=Meaning.YOURS,
        rows=rows,
        quiet=f"Nothing is sent from here.\n{advice_lines([draft.citation])}",
    )


def refusal_card(services: Services, whom: Whom) -> Card:
    """Return why no letter is written here, and what helps instead."""
    texts = services.catalogue.letter_texts
    buttons = [draft_button(DraftKind.DRAFT_YOURSELF, whom.key, "The reply to “draft it yourself”", primary=True)]
    return card(
        "The letter itself is not written here",
        texts.refusal,
        texts.refusal_next,
        meaning=Meaning.FACT,
        rows=[[_kinds_select(services, LETTER_ITSELF, whom.key)], buttons],
        quiet=advice_lines([texts.refusal_citation], MIXED),
    )


def _kinds_select(services: Services, chosen: str, whom_key: str) -> KindChosen:
    drafts = services.catalogue.letter_texts.drafts
    options = [discord.SelectOption(label=drafts[kind].title, value=kind.value, default=kind.value == chosen) for kind in DraftKind]
    options.append(
        discord.SelectOption(
            label="The letter itself", value=LETTER_ITSELF, description="Not written here, and why", default=chosen == LETTER_ITSELF
        )
    )
    return KindChosen(whom_key, options=options, placeholder="What to say")


async def _whom_select(services: Services, member_id: int, kind: DraftKind, whom: Whom) -> WhomChosen:
    """Return the select of writers: her letters first, then those of her rotations, and nobody by name."""
    letters = [letter for letter in await services.letters.letters_of(member_id) if letter.is_readable]
    letters.sort(key=lambda letter: (letter.is_declined, letter.is_in, letter.created_at))
    options = [discord.SelectOption(label="No name yet", value=NOBODY, default=whom.key == NOBODY)]
    options += [
        discord.SelectOption(
            label=bare_name(letter),
            value=whom_letter(letter.id),
            description=f"Letter: {state_name(letter.state, letter.service)}",
            default=whom.key == whom_letter(letter.id),
        )
        for letter in letters[:MOST_LETTERS]
    ]
    named = {letter.writer.casefold() for letter in letters}
    writers = [
        (whom_rotation(rotation.id, number), writer, rotation.about.place)
        for rotation in await services.rotations.rotations_of(member_id)
        for number, writer in enumerate(rotation.details.writers)
        if writer.casefold() not in named
    ]
    options += [
        discord.SelectOption(
            label=shortened(writer, 80), value=key, description=shortened(f"Rotation: {place}", 100), default=whom.key == key
        )
        for key, writer, place in writers[:MOST_ROTATION_WRITERS]
    ]
    return WhomChosen(kind.value, options=options, placeholder="For whom")


ITEMS = (KindChosen, WhomChosen, DraftAsFile)
