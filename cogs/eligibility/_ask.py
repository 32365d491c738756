"""The way to a result: country, page after page of the form, all answers with what changes them."""

from dataclasses import replace

import discord

from bot.domain.eligibility.answers import Answers, Way
from bot.domain.eligibility.classification import classify_canada, classify_us
from bot.domain.eligibility.evaluation import Result
from bot.domain.eligibility.questions import US_DETAILS, pages
from bot.domain.member import Country, Member
from bot.errors import UserFacingError
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, Meaning, card
from cogs.eligibility._form import open_page, page_button
from cogs.eligibility._shown import Shown, ShowView, View, key_of, part, read_key, shows
from cogs.eligibility._words import COUNTRIES, NO_ADVICE, NOT_STORED, answers_in_words, classes

PRIMARY, SECONDARY = discord.ButtonStyle.primary, discord.ButtonStyle.secondary
INTRO = (
    "A few short pages, then a card that goes rule by rule: met, not met, unknown, or for the program to decide, each with its reason, "
    "its source and what to do next. Whatever you leave open counts as “I don't know”."
)
WAYS = {
    frozenset((Country.UNITED_STATES,)): Way.UNITED_STATES,
    frozenset((Country.CANADA,)): Way.CANADA,
    frozenset(Country): Way.BOTH,
}


class CountryChosen(Action, prefix="eligibility:country"):
    """Choose where the rules are to be of; the key holds the answers, with that country."""

    async def act(self, interaction: Interaction) -> None:
        """Open the first page."""
        _, _, answers = read_key(interaction.client.services, self.key)
        await open_page(interaction, pages(answers.country)[0].key, answers, View.GUIDED)


async def first_card(services: Services, member: Member, begin_with: Answers | None) -> Card:
    """Return the card that ``/eligibility check`` begins with: where she applies, or the first page of the form."""
    year = services.season.year_for(member)
    if year not in services.catalogue.years:
        raise UserFacingError(f"I hold no calendar for {year}.", "Choose the Match that you aim at with /start.")
    answers = begin_with or Answers(year, WAYS.get(member.countries, Way.UNITED_STATES))
    if begin_with is None and not member.countries:
        return await country_card(Shown(services, member, answers))
    return await guided_card(Shown(services, member, answers))


@shows(View.COUNTRY)
async def country_card(shown: Shown) -> Card:
    """Return the question where she applies."""
    answers = shown.answers
    buttons = [
        CountryChosen(key_of(replace(answers, country=way), View.GUIDED), label=label, style=PRIMARY) for way, label in COUNTRIES.items()
    ]
    return card(
        f"Eligibility for the {part(answers, 0, 1)}",
        INTRO,
        "**Where do you apply?** This is asked for this check only; /start keeps it for everything.",
        meaning=Meaning.YOURS,
        rows=[buttons],
        quiet=f"{NOT_STORED}\n{NO_ADVICE}",
    )


@shows(View.GUIDED)
async def guided_card(shown: Shown) -> Card:
    """Return how far she is, with the next page of the form."""
    answers, ways = shown.answers, pages(shown.answers.country)
    done = min(shown.page, len(ways) - 1)
    blank = answers == Answers(answers.match_year, answers.country)
    lines = [f"{number}. {each.title}{' (done)' if number <= done else ''}" for number, each in enumerate(ways, 1)]
    buttons: list[Action] = [page_button(ways[done], answers, View.GUIDED, f"Page {done + 1}: {ways[done].title}", is_first=True)]
    if done:
        buttons.append(page_button(ways[done - 1], answers, View.GUIDED, "Back"))
    if not blank:
        buttons.append(ShowView(key_of(answers, View.RESULT), label="Show the result"))
    if not done:
        buttons.append(ShowView(key_of(answers, View.COUNTRY), label="Another country"))
    begun = f"You have answered {done} of {len(ways)} pages. What you leave out stays unknown." if done else INTRO
    return card(
        f"Eligibility for the {part(answers, 0, 1)}: {COUNTRIES[answers.country]}",
        begun,
        "The pages are filled with what you answered before." if not done and not blank else "",
        "\n".join(lines),
        _classes_so_far(answers) if done else "",
        meaning=Meaning.YOURS,
        rows=[buttons],
        quiet=f"{NOT_STORED}\n{NO_ADVICE}",
    )


def _classes_so_far(answers: Answers) -> str:
    us = None if answers.country is Way.CANADA else classify_us(answers)
    canada = None if answers.country is Way.UNITED_STATES else classify_canada(answers)
    return classes(Result(answers, us, canada, ()))


@shows(View.ANSWERS)
async def answers_card(shown: Shown) -> Card:
    """Return all answers in the form's words, with a button for each page."""
    answers = shown.answers
    asked = [*pages(answers.country), *([US_DETAILS] if answers.country is not Way.CANADA else [])]
    buttons = [page_button(each, answers, View.ANSWERS, each.title) for each in asked]
    last = [
        ShowView(key_of(answers, View.RESULT), label="Show the result", style=PRIMARY),
        ShowView(key_of(answers, View.COUNTRY), label="Another country"),
    ]
    return card(
        f"Your answers for the {part(answers, 0, 1)}: {COUNTRIES[answers.country]}",
        *(answers_in_words(answers, each) for each in asked),
        meaning=Meaning.YOURS,
        rows=[buttons[:5], buttons[5:], last],
        quiet=f"A button opens its page.\n{NOT_STORED}",
    )


ITEMS = (CountryChosen,)
