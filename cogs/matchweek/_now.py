"""``/matchweek now``: the week hour by hour on two clocks, what to do now, the one question once results are out, and where help is."""

from typing import Any

import discord

from bot.domain.own_week import OFFERED, RESULT_DAY, may_cheer
from bot.services.bundle import Services
from bot.services.own_week import Week
from cogs._ui.actions import Interaction
from cogs._ui.cards import Card, Meaning, card
from cogs._ui.sources import citation_text
from cogs.countdown._views import AsUsual
from cogs.matchweek import _words as words
from cogs.matchweek._say import Say
from cogs.matchweek._ways import COUNTRIES, View, go, shows


@shows(View.NOW)
def now_card(interaction: Interaction, week: Week, done: str) -> Card:
    """Return the week as it stands now."""
    services: Services = interaction.client.services
    now = services.clock.now()
    asked = [words.ASKED] if week.is_asked else []
    said = [words.said_text(week, week.said)] if week.said and not week.is_asked else []
    cheer = week.is_told and may_cheer(week.held) and _is_result_day(services, week)
    return card(
        f"Match Week {week.year}, {COUNTRIES[week.country]}",
        done,
        *asked,
        "Congratulations on your match." if cheer else "",
        words.week_lines(week, now),
        *said,
        words.help_lines(week.help) if week.wants_help else "",
        meaning=Meaning.YOURS,
        rows=[question_row(week) if week.is_asked else [], _ways(week), _reminder(services, week), other_countries(services, week)],
        quiet="\n".join(
            each
            for each in (
                words.certainty_lines(week.events.values()),
                citation_text(week.said.notice.citation) if said and week.said else "",
                words.PRIVATE,
            )
            if each
        ),
    )


def question_row(week: Week) -> list[discord.ui.Item[Any]]:
    """Return what can be said of the result."""
    return [
        Say(f"{week.country.value}-{each.value}", label=words.RESULTS[each], disabled=each is week.held.result)
        for each in OFFERED[week.country]
    ]


def other_countries(services: Services, week: Week) -> list[discord.ui.Item[Any]]:
    """Return the ways to her other countries."""
    return [
        go(f"Match of {COUNTRIES[each]}", View.NOW, each) for each in services.own_week.countries(week.member) if each is not week.country
    ]


def _is_result_day(services: Services, week: Week) -> bool:
    event = week.events.get(RESULT_DAY[week.country])
    return event is not None and event.at is not None and event.at.instant() <= services.clock.now()


def _ways(week: Week) -> list[discord.ui.Item[Any]]:
    soap = [go("SOAP", View.SOAP, week.country)] if "soap-opens" in week.events else []
    return [go("My result", View.STATUS, week.country), *soap, go("Where help is", View.HELP, week.country)]


def _reminder(services: Services, week: Week) -> list[discord.ui.Item[Any]]:
    now = services.clock.now()
    ahead = next((each for each in week.events.values() if each.at is not None and each.at.instant() > now), None)
    if ahead is None or not any(lead.key in week.member.preferences.leads for lead in services.reminders.leads(ahead)):
        return []
    return [AsUsual(ahead.id, label=f"Remind me: {ahead.name}"[:80])]


@shows(View.HELP)
def help_card(interaction: Interaction, week: Week, done: str) -> Card:
    """Return where help is, whatever the result."""
    del interaction
    notice = week.help
    return card(
        "Where help is",
        done,
        notice.text if notice is not None else "Call your local emergency number.",
        meaning=Meaning.ATTENTION,
        rows=[[go("Back to the week", View.NOW, week.country)]],
        quiet=citation_text(notice.citation) if notice is not None else "",
    )
