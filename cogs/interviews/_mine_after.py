"""After an interview: drafts of a thank-you, an update and a letter of interest in our own words, and the rules of contact with sources."""

from typing import Any

import discord

from bot.domain.letters import ApplicationService
from bot.services.bundle import Services
from bot.services.interviews import Interviews
from cogs._ui.actions import Choice, Interaction
from cogs._ui.cards import Card, Meaning, card
from cogs._ui.sources import citation_text
from cogs.interviews import _mine_words as words
from cogs.interviews._mine_one import one_of
from cogs.interviews._mine_ways import View, go, show, shows

RULES = ("rank", "other-programs", "disclose", "contract")
CANADIAN = "canada-rank"
TO_CHANGE = "A draft in our own words, to be changed: what stands in square brackets is yours to fill in. Nothing is sent for you."
NO_DUTY = (
    "No rule that is held here asks for a mail afterwards, and the two rank lists decide, not what is said about them. What NRMP's code "
    "says of messages after interviews is not held: read it before you answer anything delicate. A program that asks not to be written to "
    "is not written to."
)


class OpenDraft(Choice, prefix="interviews:draft"):
    """Open a draft for the interview in the key."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Show it, in place."""
        await show(interaction, View.AFTER, f"{self.key}~{values[0]}")


@shows(View.AFTER)
async def after_card(interaction: Interaction, found: Interviews, rest: str, done: str) -> Card:
    """Return the rules of contact and the drafts, or one draft filled in."""
    services: Services = interaction.client.services
    interview_id, _, key = rest.partition("~")
    interview = one_of(found, interview_id)
    preparation = services.catalogue.preparation
    options = [discord.SelectOption(label=each.title, value=each.key, default=each.key == key) for each in preparation.drafts]
    rows: list[list[discord.ui.Item[Any]]] = [
        [OpenDraft(interview.id, options=options, placeholder="A draft to copy")],
        [go("Marks", View.SCORES, interview.id), go("Back to it", View.ONE, interview.id)],
    ]
    draft = preparation.draft(key)
    if draft is not None:
        text = draft.text.format(program=found.name(interview).replace("`", "'"), who=(interview.who or "[name]").replace("`", "'"))
        rows[1].insert(0, go("Rules of contact", View.AFTER, interview.id, mark="r"))
        return card(
            draft.title, done, draft.about, f"```\n{text}\n```", meaning=Meaning.YOURS, rows=rows, quiet=f"{TO_CHANGE}\n{words.PRIVATE}"
        )
    program = found.programs.get(interview.program_id)
    is_canadian = program is not None and program.service is ApplicationService.CARMS
    wanted = (CANADIAN,) if is_canadian else RULES
    limits = [each for key in wanted for each in services.catalogue.interviews.limits if each.id == key]
    blocks = [f"**{each.title}**\n{each.text}" for each in limits]
    return card(
        f"After the interview at {words.name_of(found, interview, 50)}",
        done,
        NO_DUTY,
        *blocks,
        meaning=Meaning.FACT,
        rows=rows,
        quiet="\n".join([*dict.fromkeys(citation_text(each.citation) for each in limits), words.PRIVATE]),
    )


ITEMS = (OpenDraft,)
