"""``/matchweek status``: the one question, asked privately and only once results are out; what follows from what she says."""

from typing import Any

import discord

from bot.domain.own_week import Result
from bot.services.own_week import Week
from cogs._ui.actions import Interaction
from cogs._ui.cards import Card, Meaning, card
from cogs._ui.sources import citation_text
from cogs.matchweek import _words as words
from cogs.matchweek._now import question_row
from cogs.matchweek._say import Forget
from cogs.matchweek._ways import COUNTRIES, View, go, shows


@shows(View.STATUS)
def status_card(interaction: Interaction, week: Week, done: str) -> Card:
    """Return the question, or what she said and the steps that follow."""
    result = week.held.result
    title = f"Your result, {week.year} Match, {COUNTRIES[week.country]}"
    back: list[discord.ui.Item[Any]] = [go("Back to the week", View.NOW, week.country)]
    if not week.is_told:
        when = words.week_lines(week, interaction.client.services.clock.now(), [next(iter(week.events), "")])
        return card(title, done, words.NOT_YET, when, meaning=Meaning.YOURS, rows=[back], quiet=words.certainty_lines(week.events.values()))
    if not week.held.is_readable:
        done = "What you said before can't be read any more; say it anew."
    soap = [go("SOAP", View.SOAP, week.country, primary=True)] if "soap-opens" in week.events and result is not Result.MATCHED else []
    follows = [Forget(week.country.value, label="Forget what I said")] if week.held.revision else []
    said = [words.said_text(week, week.said)] if week.said and result is not None else []
    return card(
        title,
        done,
        words.YOU_SAID[result] if result is not None else words.ASKED,
        *said,
        words.SHOWN_NEXT[result] if result is not None else "",
        words.help_lines(week.help) if week.wants_help else "",
        meaning=Meaning.YOURS,
        rows=[question_row(week), [*soap, *back, *follows]],
        quiet="\n".join([citation_text(week.said.notice.citation), words.PRIVATE] if week.said else [words.PRIVATE]),
    )
