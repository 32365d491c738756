"""``/matchweek soap``: whether she may take part and why, what is allowed, applications counted, rounds of offers, what comes after."""

from typing import Any

import discord

from bot.domain.matchweek import PackNotice
from bot.domain.matchweek_words import filled
from bot.domain.member import Country
from bot.domain.own_week import MOST_APPLICATIONS, ROUNDS, Result, Window, window_of
from bot.services.bundle import Services
from bot.services.own_week import Week
from cogs._ui.actions import Action, Choice, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card
from cogs._ui.reminders import several_card
from cogs._ui.sources import citation_text
from cogs.matchweek import _words as words
from cogs.matchweek._ways import View, go, show, shows

RULES = ("us-soap-opens", "us-soap-review")
AFTER = "us-soap-ends"
NOT_ACCEPTED = "none"
NOT_HERS = "SOAP is not for those who matched, and you said that you did. Change it under My result, if that is not so."
ACCEPTED = (
    "You noted that you accepted an offer in {name}. It binds you as a match does; on Match Day R3 shows it. No further round is for you."
)


class Count(Action, prefix="matchweek:count"):
    """Count applications; the key is how many more, or fewer."""

    async def act(self, interaction: Interaction) -> None:
        """Count them, and show the number."""
        services: Services = interaction.client.services
        member = await services.members.get(interaction.user.id)
        more = {"1": 1, "5": 5, "back": -1}.get(self.key, 0)
        await services.own_week.count(member, more)
        await show(interaction, View.SOAP, Country.UNITED_STATES)


class RemindOfRounds(Action, prefix="matchweek:rounds"):
    """Set reminders of the rounds that lie ahead; the key says whether they come in quiet hours."""

    async def act(self, interaction: Interaction) -> None:
        """Set them, and show when they come."""
        services: Services = interaction.client.services
        member = await services.members.get(interaction.user.id)
        found = await services.own_week.remind_of_rounds(member, interaction.guild_id, passes_quiet=self.key == "loud")
        await send_card(interaction, several_card(services, found, member))


class AcceptedIn(Choice, prefix="matchweek:accepted"):
    """Note in which round she accepted an offer."""

    async def choose(self, interaction: Interaction, values: list[str]) -> None:
        """Note it, and show what follows."""
        services: Services = interaction.client.services
        member = await services.members.get(interaction.user.id)
        await services.own_week.accept(member, "" if values[0] == NOT_ACCEPTED else values[0], interaction.guild_id)
        await show(interaction, View.SOAP, Country.UNITED_STATES)


@shows(View.SOAP)
def soap_card(interaction: Interaction, week: Week, done: str) -> Card:
    """Return SOAP as it stands for her now."""
    services: Services = interaction.client.services
    now, held = services.clock.now(), week.held
    back: list[discord.ui.Item[Any]] = [go("Back to the week", View.NOW, week.country), go("My result", View.STATUS, week.country)]
    if held.result is Result.MATCHED:
        return card(f"SOAP {week.year}", done, NOT_HERS, meaning=Meaning.YOURS, rows=[back], quiet=words.PRIVATE)
    rounds = [week.events[key] for key in ROUNDS if key in week.events]
    accepted = week.events.get(held.accepted)
    after = services.catalogue.match_week.notice(AFTER)
    left = MOST_APPLICATIONS - held.applications
    return card(
        f"SOAP {week.year}",
        done,
        ACCEPTED.format(name=accepted.name) if accepted is not None else words.soap_verdict(week.soap),
        f"**Applications:** {held.applications} of {MOST_APPLICATIONS} counted, {left} left. You count them; MyERAS has the true number.",
        words.week_lines(week, now, ("soap-opens", "soap-review")),
        "**Rounds of offers**\n" + "\n".join(words.round_line(each, now, week.member.zone) for each in rounds),
        _after(week, after),
        words.help_lines(week.help) if week.wants_help else "",
        meaning=Meaning.YOURS,
        rows=_rows(services, week, back),
        quiet="\n".join([words.certainty_lines(rounds), *([citation_text(week.soap.rule.citation)] if week.soap else []), words.PRIVATE]),
    )


def _after(week: Week, notice: PackNotice | None) -> str:
    part = next((text for audience, text in notice.parts.items() if audience.value == "unmatched"), "") if notice is not None else ""
    return f"**After SOAP:** {filled(part, week.year, week.season_events)}" if part else ""


def _rows(services: Services, week: Week, back: list[discord.ui.Item[Any]]) -> list[list[discord.ui.Item[Any]]]:
    now, held = services.clock.now(), week.held
    counts: list[discord.ui.Item[Any]] = [
        Count("1", label="1 sent", disabled=held.applications >= MOST_APPLICATIONS),
        Count("5", label="5 sent", disabled=held.applications > MOST_APPLICATIONS - 5),
        Count("back", label="Take one back", disabled=held.applications == 0),
        go("What is allowed", View.RULES, week.country),
    ]
    rows = [counts]
    states = {key: window_of(week.events.get(key), now) for key in ROUNDS}
    if Window.AHEAD in states.values() and not held.accepted:
        quiet: list[discord.ui.Item[Any]] = []
        if week.member.preferences.quiet is not None:
            quiet = [RemindOfRounds("loud", label="Also in my quiet hours")]
        rows.append([RemindOfRounds("usual", label="Remind me of the rounds"), *quiet])
    begun = [key for key, state in states.items() if state in (Window.OPEN, Window.OVER)]
    if begun:
        options = [
            discord.SelectOption(label=f"I accepted an offer in {week.events[key].name}"[:100], value=key, default=key == held.accepted)
            for key in begun
        ]
        options.append(discord.SelectOption(label="I accepted none", value=NOT_ACCEPTED, default=not held.accepted))
        rows.append([AcceptedIn(options=options, placeholder="An offer that you accepted")])
    return [*rows, back]


@shows(View.RULES)
def rules_card(interaction: Interaction, week: Week, done: str) -> Card:
    """Return what is allowed in SOAP and what is not."""
    notices = [each for key in RULES if (each := interaction.client.services.catalogue.match_week.notice(key)) is not None]
    blocks = [
        f"**{filled(each.title, week.year, week.season_events)}**\n{filled(each.text, week.year, week.season_events)}" for each in notices
    ]
    return card(
        f"SOAP {week.year}: what is allowed",
        done,
        *blocks,
        meaning=Meaning.FACT,
        rows=[[go("Back to SOAP", View.SOAP, week.country)]],
        quiet="\n".join(citation_text(each.citation) for each in notices),
    )


ITEMS = (Count, RemindOfRounds, AcceptedIn)
