"""The notice that what is stored of a member expires: what it says, and the one tap that keeps it."""

from datetime import date
from typing import Any

import discord

from bot.domain.delivery import Delivery
from bot.domain.retention import AFTER_NOTICE, AFTER_REMOVAL, UNSEEN, Reason
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Meaning, card, send_card, shortened

MAX_CONTENT = 2_000
WHY = {
    Reason.SEASON: "What you told me lasts for 12 months after your season; those ended on {day}.",
    Reason.QUIET: "What you told me lasts for 12 months after the last thing that you did here; those ended on {day}.",
    Reason.REMOVED: "You took me off your account, so I send you no direct messages any more; /start turns them on again.",
    Reason.KEPT: "What you told me was kept for 12 more months, as you chose; those ended on {day}.",
}
"""Why it expires, by the rule."""
WAYS = (
    "Press Keep, and it stays for 12 more months. Do nothing, and all of it is erased for good {when}: your settings, reminders, letters, "
    "programs and the rest. /mydata export gives you a copy first, /mydata erase erases it now."
)
PUSHED = f"{AFTER_NOTICE.days} days after this message"
REMOVED = f"on {{day}}, {AFTER_REMOVAL.days} days after you did"
IN_INBOX = f"{AFTER_NOTICE.days} days after you first saw this here ({UNSEEN.days} days after it came, had you not looked)"


def day_in_words(day: date) -> str:
    """Return a day as ``30 June 2028``."""
    return f"{day.day} {day:%B %Y}"


def expiry_text(delivery: Delivery, when: str = PUSHED) -> str:
    """Return what the notice says."""
    last, why = date.fromisoformat(delivery.payload["last"]), Reason(delivery.payload["why"])
    when = REMOVED.format(day=day_in_words(last)) if why is Reason.REMOVED else when
    return f"{WHY[why].format(day=day_in_words(last))}\n{WAYS.format(when=when)}"


def kept_line(until: date) -> str:
    """Return that it is kept, and until when."""
    return f"Kept until {day_in_words(until)}. Before anything is erased then, I ask again."


class KeepByNotice(Action, prefix="expiry:keep"):
    """Keep what is stored of the one who presses; the key is the notice's delivery, by which the message is found again."""

    async def act(self, interaction: Interaction) -> None:
        """Keep it, and take the buttons away."""
        services: Services = interaction.client.services
        until = await services.retention.keep(interaction.user.id, self.key)
        content, below = interaction.message.content if interaction.message else "", f"\n-# {kept_line(until)}"
        await interaction.response.edit_message(content=shortened(content, MAX_CONTENT - len(below)) + below, view=None)


class KeepFromInbox(Action, prefix="expiry:inbox"):
    """Keep what is stored of the one who presses, from a card that she alone sees."""

    async def act(self, interaction: Interaction) -> None:
        """Keep it, and say so in place of the card."""
        services: Services = interaction.client.services
        until = await services.retention.keep(interaction.user.id)
        view = card(
            "Kept", kept_line(until), meaning=Meaning.DONE, quiet="/mydata show says until when; /mydata erase erases it at any time."
        )
        await send_card(interaction, view, edit=True)


def keep_offer(delivery: Delivery) -> list[discord.ui.Item[Any]]:
    """Return what the notice offers."""
    return [KeepByNotice(delivery.id, label="Keep", style=discord.ButtonStyle.primary)]


ITEMS = (KeepByNotice, KeepFromInbox)
