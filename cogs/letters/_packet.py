"""``/letters packet``: what to give the writer, ticked off per letter, with the summary of the rotation as a file."""

from datetime import date
from typing import Any

import discord

from bot.domain.letter_drafts import DraftKind, PacketForm, packet_form
from bot.domain.letters import Letter
from bot.services.bundle import Services
from bot.services.letter_follow_ups import day_text
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, plain, send_card, shortened
from cogs.letters._buttons import Shows, draft_button, draws, page_in, show, whom_letter
from cogs.letters._draft import FITTING
from cogs.letters._filling import known_for, rotation_of, summary_card
from cogs.letters._guidance import packet_lines
from cogs.letters._rotation_views import when_line
from cogs.letters._words import bare_name, state_name

PER_PAGE = 20
MOST_ROTATIONS = 25
EMERGENCY = "emergency-med"
FORMS = {
    PacketForm.NARRATIVE: "",
    PacketForm.STANDARDIZED: "This is a standardized letter, or one for ResidencyCAS: some of it works in another way there.",
    PacketForm.CARMS: "This is a reference of CaRMS: it is requested and submitted there, not in ERAS.",
}
NO_LETTERS = "No letter stands on your board, so there is nothing to tick yet: /letters board adds one. This is what a writer needs."
PRIVATE_CARMS = "Only you see this. What you tick is stored encrypted; documents and references never."
PRIVATE = "Only you see this. What you tick is stored encrypted; documents, letters and Letter IDs never."


class PacketOpened(Choice, prefix="packet:open"):
    """Choose the letter whose packet is shown."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it in place."""
        await show(interaction, Shows.PACKET, values[0])


class PacketPage(Action, prefix="packet:page"):
    """Show the letters to choose from, at the page in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Show them in place."""
        services: Services = interaction.client.services
        letters = await services.letters.letters_of(interaction.user.id)
        await send_card(interaction, letters_card(services, letters, page_in(self.key)), edit=True)


class PacketTicked(Choice, prefix="packet:tick"):
    """Tick what the writer of the letter in the key was given."""

    def __init__(self, key: str = "", **options: object) -> None:
        super().__init__(key, **options)  # type: ignore[arg-type]  # Choice's own
        self.item.min_values = 0

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Store it and show the packet again."""
        services: Services = interaction.client.services
        keys = {item.key for item in services.catalogue.letter_texts.packet}
        await services.letters.change(interaction.user.id, self.key, packet=dict.fromkeys(sorted(keys & set(values)), True))
        await show(interaction, Shows.PACKET, self.key)


class PacketSummary(Action, prefix="packet:summary"):
    """Make the summary of the rotation that the letter in the key comes from."""

    async def act(self, interaction: Interaction) -> None:
        """Send it as a file."""
        services: Services = interaction.client.services
        letter = await services.letters.get(interaction.user.id, self.key)
        rotation = await services.rotations.get(letter.member_id, letter.rotation_id)
        view, file = summary_card(services, await known_for(services, letter.member_id, letter, rotation))
        await send_card(interaction, view, file=file)


class SummaryFrom(Choice, prefix="packet:rotation"):
    """Make the summary of the rotation chosen, for the letter in the key where it names one."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Send it as a file; the letter remembers its rotation."""
        services: Services = interaction.client.services
        rotation = await services.rotations.get(interaction.user.id, values[0])
        letter = None
        if self.key:
            letter = await services.letters.change(interaction.user.id, self.key, rotation_id=rotation.id)
        view, file = summary_card(services, await known_for(services, interaction.user.id, letter, rotation))
        await send_card(interaction, view, file=file)


async def open_packet(interaction: Interaction, services: Services) -> None:
    """Answer ``/letters packet``: her only letter's packet, her letters to choose from, or what there is to give."""
    letters = await services.letters.letters_of(interaction.user.id)
    if len(letters) == 1:
        await send_card(interaction, await packet_card(services, letters[0]))
    elif letters:
        await send_card(interaction, letters_card(services, letters, 0))
    else:
        await send_card(interaction, await general_card(services, interaction.user.id))


@draws(Shows.PACKET)
async def draw_packet(services: Services, member_id: int, letter_id: str) -> Card:
    """Return the packet of one letter of hers."""
    return await packet_card(services, await services.letters.get(member_id, letter_id))


def letters_card(services: Services, letters: tuple[Letter, ...], page: int) -> Card:
    """Return the letters to choose from."""
    pages = max(1, -(-len(letters) // PER_PAGE))
    page = min(max(page, 0), pages - 1)
    shown = letters[page * PER_PAGE : (page + 1) * PER_PAGE]
    if not shown:
        return card("No letters are left", NO_LETTERS, meaning=Meaning.YOURS, quiet=PRIVATE)
    options = [
        discord.SelectOption(
            label=bare_name(letter, page * PER_PAGE + number),
            value=letter.id,
            description=f"{state_name(letter.state, letter.service)} · {_given(services, letter)}",
        )
        for number, letter in enumerate(shown, 1)
    ]
    turn = [
        PacketPage(str(page - 1) if page else "first", label="Earlier", disabled=page == 0),
        PacketPage(str(page + 1), label="Later", disabled=page >= pages - 1),
    ]
    return card(
        "What to give the writer",
        "Each writer needs the same few things, in good time. Choose a letter to tick off what its writer has.",
        meaning=Meaning.YOURS,
        rows=[[PacketOpened(options=options, placeholder="Whose packet")], turn if pages > 1 else []],
        quiet=PRIVATE,
    )


def _given(services: Services, letter: Letter) -> str:
    items = services.catalogue.letter_texts.packet
    return f"{sum(letter.packet.get(item.key, False) for item in items)} of {len(items)} given"


def form_of(letter: Letter | None) -> PacketForm:
    """Return which kind of packet a letter wants; emergency medicine wants a standardized one also where that was not filled in."""
    form = packet_form(letter)
    is_emergency = letter is not None and letter.specialty == EMERGENCY and form is PacketForm.NARRATIVE
    return PacketForm.STANDARDIZED if is_emergency else form


async def packet_card(services: Services, letter: Letter) -> Card:
    """Return what to give one writer, with what was given."""
    items = services.catalogue.letter_texts.packet
    if not letter.is_readable:
        return card("A packet", "What you wrote about this letter can't be read any more.", meaning=Meaning.ATTENTION)
    form, rotation = form_of(letter), await rotation_of(services, letter)
    board = await services.letters.board(letter.member_id, letter.season_year)
    target = services.letters.plans.target_of(letter, board)
    given = [item for item in items if letter.packet.get(item.key)]
    options = [discord.SelectOption(label=item.name_for(form), value=item.key, default=bool(letter.packet.get(item.key))) for item in items]
    chosen = await _rotation_select(services, letter.member_id, letter.id)
    kind = FITTING.get(letter.state, DraftKind.FOLLOW_UP)
    buttons: list[discord.ui.Item[Any]] = [PacketSummary(letter.id, label="Summary as a file")] if rotation else []
    buttons += [draft_button(kind, whom_letter(letter.id), "Words to send"), PacketPage("0", label="All letters")]
    return card(
        f"Packet for {plain(shortened(letter.writer, 60))}",
        " ".join(
            filter(
                None, (f"{len(given)} of {len(items)} given.", _by_when(target, services.letters.plans.today(board.member)), FORMS[form])
            )
        ),
        _items_block(services, form, letter),
        f"The summary is made from **{plain(rotation.about.place)}**, {when_line(rotation)}." if rotation else "",
        meaning=Meaning.YOURS,
        rows=[[PacketTicked(letter.id, options=options, placeholder="Tick what the writer has", most=len(options))], chosen, buttons],
        quiet=f"{PRIVATE_CARMS if form is PacketForm.CARMS else PRIVATE}\n{packet_lines(item.said_for(form) for item in items)}",
    )


def _by_when(target: date | None, today: date) -> str:
    if target is None:
        return ""
    return (
        f"Your date {day_text(target)} has passed: choose a new one on /letters board."
        if target < today
        else f"Your date: {day_text(target)}."
    )


async def general_card(services: Services, member_id: int) -> Card:
    """Return what a writer needs, for one who has no letter on her board."""
    items = services.catalogue.letter_texts.packet
    return card(
        "What to give the writer",
        NO_LETTERS,
        _items_block(services, PacketForm.NARRATIVE, None),
        meaning=Meaning.YOURS,
        rows=[await _rotation_select(services, member_id, "")],
        quiet=packet_lines(item.usual for item in items),
    )


def _items_block(services: Services, form: PacketForm, letter: Letter | None) -> str:
    """Return every thing to give; what was given in one line each, what was not with what it is."""
    lines: list[str] = []
    for item in services.catalogue.letter_texts.packet:
        is_given = letter is not None and letter.packet.get(item.key)
        name = item.name_for(form)
        lines.append(f"- ~~{name}~~ given" if is_given else f"- **{name}.** {item.said_for(form).text}")
    return "\n".join(lines)


async def _rotation_select(services: Services, member_id: int, letter_id: str) -> list[discord.ui.Item[Any]]:
    """Return the select of rotations that a summary can be made from; nothing where there is none."""
    rotations = [rotation for rotation in await services.rotations.rotations_of(member_id) if rotation.is_readable]
    options = [
        discord.SelectOption(label=shortened(each.about.place, 80), value=each.id, description=shortened(when_line(each), 100))
        for each in rotations[:MOST_ROTATIONS]
    ]
    return [SummaryFrom(letter_id, options=options, placeholder="Make the summary from a rotation")] if options else []


ITEMS = (PacketOpened, PacketPage, PacketTicked, PacketSummary, SummaryFrom)
