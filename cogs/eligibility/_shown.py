"""Cards that are shown in place of each other: answers that nobody saved travel in the custom ids, and nothing is kept in memory."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.eligibility.answers import Answers
from bot.domain.eligibility.packing import pack, unpack
from bot.domain.member import Member
from bot.errors import UserFacingError
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card
from cogs._ui.ways import Ways, put

STALE = UserFacingError("This card is not of use any more.", "Begin anew with /eligibility check; what you saved is in /eligibility saved.")
_KEY = re.compile(r"\A(?P<view>[a-z])(?P<rest>[a-z0-9]*)-(?P<packed>[0-9a-z]+)\Z")


class View(StrEnum):
    """The cards that follow each other in one message."""

    COUNTRY = "c"
    GUIDED = "g"
    ANSWERS = "a"
    RESULT = "r"
    PLAN = "p"


@dataclass(frozen=True, slots=True)
class Shown:
    """Hold what a card is made of: the services, for whom, her answers, and which page."""

    services: Services
    member: Member
    answers: Answers
    page: int = 0


Draw = Callable[[Shown], Awaitable[Card]]
"""What the card is made of."""

WAYS = Ways[View, Draw](STALE)
shows = WAYS.shows


def key_of(answers: Answers, view: View, rest: object = "") -> str:
    """Return the key of a button that leads to a card."""
    return f"{view}{rest}-{pack(answers)}"


def read_key(services: Services, key: str) -> tuple[View, str, Answers]:
    """Return what a key holds; raise UserFacingError for one that is not of this version, or of a Match that is not held."""
    match = _KEY.match(key)
    if match is None:
        raise STALE
    return WAYS.named(match["view"]), match["rest"], read_answers(services, match["packed"])


def read_answers(services: Services, packed: str) -> Answers:
    """Return packed answers; raise UserFacingError where they can't be read, or are of a Match that is not held."""
    try:
        answers = unpack(packed)
    except ValueError:
        raise STALE from None
    if answers.match_year not in services.catalogue.years:
        raise STALE
    return answers


async def show(interaction: Interaction, view: View, answers: Answers, page: int = 0, *, edit: bool = True) -> None:
    """Show a card, in place of the one that was clicked or as a reply of its own."""
    services: Services = interaction.client.services
    member = await services.members.get(interaction.user.id)
    await put(interaction, await WAYS[view](Shown(services, member, answers, page)), edit=edit)


class ShowView(Action, prefix="eligibility:show"):
    """Show the card in the key, with the answers in it."""

    async def act(self, interaction: Interaction) -> None:
        """Show it in place."""
        view, rest, answers = read_key(interaction.client.services, self.key)
        await show(interaction, view, answers, int(rest) if rest.isdecimal() else 0)


def turn(answers: Answers, view: View, page: int, pages: int) -> list[Action]:
    """Return the buttons that turn pages; none where there is one page."""
    if pages < 2:
        return []
    return [
        ShowView(key_of(answers, view, page - 1 if page else "first"), label="Earlier", disabled=page == 0),
        ShowView(key_of(answers, view, page + 1), label="Later", disabled=page >= pages - 1),
    ]


def part(answers: Answers, page: int, pages: int) -> str:
    """Return the Match, and where on its pages she is."""
    place = f", page {page + 1} of {pages}" if pages > 1 else ""
    return f"{answers.match_year} Match{place}"
