"""``/letters rotations``: the list, what to do now, and how to ask for a place."""

from datetime import date

import discord

from bot.domain.letters import LetterState
from bot.domain.rotations import MAX_ROTATIONS, Moment, Rotation, moment
from bot.services.bundle import Services
from cogs._ui.actions import Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, plain, send_card, shortened
from cogs.letters import _buttons, _guidance, _rotation_forms, _rotation_views
from cogs.letters._buttons import AllRotations, Shows, draws, page_in, show
from cogs.letters._guidance import topics_select
from cogs.letters._rotation_forms import NEW, PLACE, OpenForm
from cogs.letters._rotation_views import PRIVATE, what_line, when_line

PER_PAGE = 6
PLACE_LENGTH = 60
NOW = {
    Moment.ASK_NOW: "weeks 3 to 4: now is the time to ask",
    Moment.ASK_AT_END: "its last days: ask now",
    Moment.RUNS_ON: "it runs: ask now if you have not",
    Moment.JUST_OVER: "just over: ask this week if you have not",
    Moment.EARLY: "it runs",
    Moment.AHEAD: "ahead",
    Moment.OVER: "over",
}
URGENT = (Moment.ASK_NOW, Moment.ASK_AT_END, Moment.RUNS_ON, Moment.JUST_OVER)
EMPTY = (
    "Note where you work, watch or do research: electives, sub-internships, externships, observerships. From it come the summary for a "
    "letter's writer, a note when it is time to ask, and a weekly look at the habits that earn letters."
)


class RotationChosen(Choice, prefix="rotation:choose"):
    """Open a rotation of the list."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it in place."""
        await show(interaction, Shows.ROTATION, values[0])


async def open_rotations(interaction: Interaction, services: Services) -> None:
    """Answer ``/letters rotations``."""
    await send_card(interaction, await rotations_card(services, interaction.user.id, ""))


@draws(Shows.ROTATIONS)
async def rotations_card(services: Services, member_id: int, key: str) -> Card:
    """Return one page of her rotations, the one that begins last first; a page that is gone shows the last one."""
    member = await services.members.get(member_id)
    found = await services.rotations.rotations_of(member_id)
    add = OpenForm(f"{PLACE}-{NEW}", label="Add a rotation", style=discord.ButtonStyle.primary, disabled=len(found) >= MAX_ROTATIONS)
    if not found:
        return card("No rotations are noted", EMPTY, meaning=Meaning.YOURS, rows=[[add], [topics_select(services)]], quiet=PRIVATE)
    today = services.rotations.today(member)
    letters = await services.letters.letters_of(member_id)
    asked = {letter.rotation_id for letter in letters if letter.state is not LetterState.PLANNED}
    pages = -(-len(found) // PER_PAGE)
    page = min(page_in(key), pages - 1)
    shown = found[page * PER_PAGE : (page + 1) * PER_PAGE]
    turn = [
        AllRotations(str(page - 1) if page else "first", label="Later ones", disabled=page == 0),
        AllRotations(str(page + 1), label="Earlier ones", disabled=page >= pages - 1),
    ]
    options = [
        discord.SelectOption(label=shortened(each.about.place, PLACE_LENGTH), value=each.id, description=shortened(when_line(each), 100))
        for each in shown
    ]
    full = f" {MAX_ROTATIONS} are the most I hold; delete one to add another." if len(found) >= MAX_ROTATIONS else ""
    return card(
        f"Your rotations ({len(found)})",
        _to_do(found, asked, today),
        "\n\n".join(_line(services, each, today) for each in shown),
        meaning=Meaning.YOURS,
        rows=[
            [RotationChosen(options=options, placeholder="Open one")],
            [*(turn if pages > 1 else []), add],
            [topics_select(services)],
        ],
        quiet=(f"Page {page + 1} of {pages}. " if pages > 1 else "") + PRIVATE + full,
    )


def _to_do(found: tuple[Rotation, ...], asked: set[str], today: date) -> str:
    """Return for which rotations now is the time to ask; those of which a letter was asked for already are left out."""
    open_ = [each for each in found if each.is_readable and each.id not in asked and moment(each.about, today) in URGENT]
    if not open_:
        return ""
    names = ", ".join(plain(shortened(each.about.place, PLACE_LENGTH)) for each in open_[:3])
    return f"**Now is the time to ask for a letter:** {names}. /letters draft has words for it."


def _line(services: Services, rotation: Rotation, today: date) -> str:
    place = f"**{plain(shortened(rotation.about.place, PLACE_LENGTH))}**"
    if not rotation.is_readable:
        return f"{place}\n{when_line(rotation)}"
    return f"{place} · {NOW[moment(rotation.about, today)]}\n{what_line(services, rotation)}\n{when_line(rotation)}"


ITEMS = (RotationChosen, *_buttons.ITEMS, *_guidance.ITEMS, *_rotation_forms.ITEMS, *_rotation_views.ITEMS)
