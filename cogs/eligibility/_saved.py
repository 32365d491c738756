"""What is saved of a member's eligibility: shown in the form's words, changed, checked again, erased."""

import discord

from bot.domain.eligibility.answers import Answers, Way
from bot.domain.eligibility.questions import US_DETAILS, pages
from bot.domain.eligibility.saved import Saved, changes_between, for_match, outcomes_of
from bot.domain.member import Member
from bot.services.bundle import Services
from bot.services.eligibility import NOTHING_SAVED
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card
from cogs._ui.times import stamp
from cogs.eligibility._saving import how_told, tell_button
from cogs.eligibility._shown import ShowView, View, key_of
from cogs.eligibility._words import COUNTRIES, answers_in_words

NOTHING = "Nothing of your eligibility is saved."
CAN_NOT_BE_READ = "What you saved can't be read any more. Erase it, and answer anew with /eligibility check."
ASK = (
    "Your answers, what the rules gave for them, and every message about that, sent or waiting, are erased here. Reminders of single steps "
    "stay in /remind list; messages that you received stay in our conversation."
)


class AskErase(Action, prefix="eligibility:ask"):
    """Say what erasing means."""

    async def act(self, interaction: Interaction) -> None:
        """Ask before anything goes."""
        if await interaction.client.services.eligibility.saved(interaction.user.id) is None:
            raise NOTHING_SAVED
        buttons = [EraseSaved(label="Erase", style=discord.ButtonStyle.danger), KeepSaved(label="Keep")]
        await send_card(interaction, card("Erase your saved answers", ASK, meaning=Meaning.ATTENTION, rows=[buttons]), edit=True)


class EraseSaved(Action, prefix="eligibility:erase"):
    """Erase what the one who clicks saved."""

    async def act(self, interaction: Interaction) -> None:
        """Erase it; a second click finds nothing and says so."""
        erased = await interaction.client.services.eligibility.erase(interaction.user.id)
        text = "Your answers are erased, and nothing will be told of them." if erased else NOTHING
        view = card("Erased", text, meaning=Meaning.DONE, quiet="/eligibility check begins anew; /mydata erase erases all of you.")
        await send_card(interaction, view, edit=True)


class KeepSaved(Action, prefix="eligibility:keep"):
    """Leave everything as it is."""

    async def act(self, interaction: Interaction) -> None:
        """Show what is saved again."""
        await send_card(interaction, await saved_card(interaction.client.services, interaction.user.id), edit=True)


async def saved_card(services: Services, member_id: int) -> Card:
    """Return what a member saved."""
    saved = await services.eligibility.saved(member_id)
    if saved is None:
        quiet = "Saved answers are encrypted, shown to you alone, and erased when you wish."
        return card(NOTHING, "Use /eligibility check, then press Save below the result.", meaning=Meaning.YOURS, quiet=quiet)
    if saved.answers is None:
        return card("Your saved answers", CAN_NOT_BE_READ, meaning=Meaning.ATTENTION, rows=[[AskErase(label="Erase")]])
    return _card(services, saved, saved.answers, await services.members.get(member_id))


def _card(services: Services, saved: Saved, answers: Answers, member: Member) -> Card:
    told, messages = how_told(saved, member)
    year = services.season.year_for(member)
    to_check = for_match(answers, year if year in services.catalogue.years else answers.match_year)
    remark = (
        ""
        if to_check == answers
        else f"You now aim at the {to_check.match_year} Match: checking again takes that one, and asks anew for what belongs to one season."
    )
    asked = [*pages(answers.country), *([US_DETAILS] if answers.country is not Way.CANADA else [])]
    buttons: list[Action] = [
        ShowView(key_of(to_check, View.RESULT), label="Check again", style=discord.ButtonStyle.primary),
        ShowView(key_of(to_check, View.ANSWERS), label="Change"),
        tell_button(saved),
        AskErase(label="Erase"),
    ]
    return card(
        f"Your saved answers, {answers.match_year} Match: {COUNTRIES[answers.country]}",
        f"Saved {stamp(saved.saved_at, 'f')}. {_since(services, saved, answers)}",
        *(answers_in_words(answers, each) for each in asked),
        told,
        remark,
        meaning=Meaning.YOURS,
        rows=[buttons, messages],
        quiet="Encrypted where they are stored. What you change here is kept when you press Save.",
    )


def _since(services: Services, saved: Saved, answers: Answers) -> str:
    """Return whether the rules give today what they gave at the last check; time alone can change it."""
    changed = changes_between(saved.outcomes, outcomes_of(services.eligibility.check(answers)))
    if not changed:
        return "The rules give the same as at the last check."
    return (
        f"{len(changed)} of the rules give{'s' if len(changed) == 1 else ''} something else than at the last check; check again to see it."
    )


ITEMS = (AskErase, EraseSaved, KeepSaved)
