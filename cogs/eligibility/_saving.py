"""Saving a result, and whether she is told when it changes."""

import discord

from bot.domain.eligibility.saved import Saved
from bot.domain.member import DirectMessages, Member
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card
from cogs._ui.consent import delivery_line
from cogs._ui.times import stamp
from cogs.eligibility._shown import read_key

TOLD = "You will be told when a rule or a date changes what your answers give."
NOT_TOLD = "You are not told when a rule or a date changes what your answers give."


class SaveAnswers(Action, prefix="eligibility:save"):
    """Save the answers in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Save them; a second press leaves one copy."""
        services = interaction.client.services
        _, _, answers = read_key(services, self.key)
        saved = await services.eligibility.save(interaction.user.id, answers)
        await send_card(interaction, told_card("Saved", saved, await services.members.get(interaction.user.id)))


class TellMe(Action, prefix="eligibility:tell"):
    """Switch on or off, as the key says, that she is told of changes."""

    async def act(self, interaction: Interaction) -> None:
        """Switch it, and say how it stands."""
        services = interaction.client.services
        saved = await services.eligibility.tell(interaction.user.id, is_to_be_told=self.key == "on")
        title = "You will be told" if saved.is_to_be_told else "You will not be told"
        await send_card(interaction, told_card(title, saved, await services.members.get(interaction.user.id)))


def tell_button(saved: Saved) -> TellMe:
    """Return the button that switches it the other way."""
    if saved.is_to_be_told:
        return TellMe("off", label="Stop telling me")
    return TellMe("on", label="Tell me when a rule or date changes", style=discord.ButtonStyle.primary)


def how_told(saved: Saved, member: Member) -> tuple[str, list[Action]]:
    """Return whether and how she is told of changes, and the button that lets messages through where they would not."""
    if not saved.is_to_be_told:
        return NOT_TOLD, []
    how, buttons = delivery_line(member)
    return f"{TOLD} {how}", buttons if member.direct_messages is not DirectMessages.ON else []


def told_card(title: str, saved: Saved, member: Member) -> Card:
    """Return that answers are saved, and whether she is told of changes."""
    told, buttons = how_told(saved, member)
    year = f"for the {saved.answers.match_year} Match " if saved.answers else ""
    return card(
        title,
        f"Your answers {year}are saved, encrypted, since {stamp(saved.saved_at, 'f')}. One set is kept; saving again replaces it.",
        told,
        meaning=Meaning.DONE,
        rows=[[tell_button(saved), *buttons]],
        quiet="/eligibility saved shows, changes and erases them; /mydata shows all that is stored of you.",
    )


ITEMS = (SaveAnswers, TellMe)
