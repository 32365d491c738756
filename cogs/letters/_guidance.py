"""Advice with its source, and what to ask about a placement, in the letters' cards."""

from collections.abc import Iterable
from typing import Any

import discord

from bot.domain.facts import Certainty, Citation
from bot.domain.letter_drafts import DraftKind, PacketText, TopicKey
from bot.domain.rotations import RotationKind
from bot.errors import UserFacingError
from bot.services.bundle import Services
from cogs._ui.actions import Choice, Interaction
from cogs._ui.cards import Card, card, send_card
from cogs.letters._buttons import NOBODY, draft_button
from cogs.letters._words import link

STALE = UserFacingError("This card is not of use any more.", "Open it again with /letters rotations, /letters draft or /letters packet.")
KINDS = {
    RotationKind.ELECTIVE: "Elective",
    RotationKind.SUB_INTERNSHIP: "Sub-internship",
    RotationKind.EXTERNSHIP: "Externship",
    RotationKind.OBSERVERSHIP: "Observership",
    RotationKind.RESEARCH: "Research",
}
TOPICS_ASKED = "Asking for a place: questions and warning signs"


ADVICE = "Advice, not a rule. Read in"
MIXED = "Advice, but for what an owner states. Read in"


def advice_lines(citations: Iterable[Citation], lead: str = ADVICE) -> str:
    """Return what something is and where it was read, when, and how sure it is: quiet lines below a card."""
    given = list(citations)
    if not given:
        return ""
    sources = {source.id: source for citation in given for source in citation.sources}
    day = min(citation.as_of for citation in given)
    lines = [f"{lead}: {', '.join(link(source) for source in sources.values())}; as of {day.day} {day:%b %Y}."]
    owners = {owner.id: owner for citation in given if (owner := citation.confirm_at) is not None}
    confirm = f"confirm at {', '.join(link(owner) for owner in owners.values())}" if owners else "confirm with whom it concerns"
    if any(citation.certainty is Certainty.ESTIMATED for citation in given):
        lines.append(f"In part commonly stated, with no source held: {confirm}.")
    elif owners:
        lines.append(f"In part expected, not announced: {confirm}.")
    return "\n".join([*lines, *filter(None, dict.fromkeys(citation.note for citation in given))])


def packet_lines(said: Iterable[PacketText]) -> str:
    """Return the same for what is to be given: what owners state apart from what guides advise."""
    texts = list(said)
    facts = advice_lines([each.citation for each in texts if each.is_fact], "Forms and ways of sending, as stated. Read in")
    advice = advice_lines([each.citation for each in texts if not each.is_fact], "The rest is advice, not a rule. Read in")
    return f"{facts}\n{advice}".strip()


class TopicChosen(Choice, prefix="rotation:topic"):
    """Read what to ask about a placement, or what to watch for."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it, as a reply of its own: her list stays."""
        await send_card(interaction, topic_card(interaction.client.services, values[0]))


def topics_select(services: Services) -> TopicChosen:
    """Return the select of all topics."""
    topics = services.catalogue.letter_texts.topics
    options = [discord.SelectOption(label=topics[key].title, value=key.value) for key in TopicKey]
    return TopicChosen(options=options, placeholder=TOPICS_ASKED)


def topic_card(services: Services, key: str) -> Card:
    """Return one topic; raise UserFacingError where there is none of that name."""
    if key not in {each.value for each in TopicKey}:
        raise STALE
    topic = services.catalogue.letter_texts.topics[TopicKey(key)]
    lines = [line if line.startswith("- ") else f"{line}\n" for line in topic.lines]
    buttons: list[discord.ui.Item[Any]] = (
        [draft_button(DraftKind.PLACEMENT, NOBODY, "A draft of the mail", primary=True)] if topic.key is TopicKey.HOSPITAL else []
    )
    return card(
        topic.title, "\n".join(lines).strip(), rows=[[topics_select(services)], buttons], quiet=advice_lines([topic.citation], MIXED)
    )


ITEMS = (TopicChosen,)
