"""The inbox: what could not be sent to a member."""

import discord

from bot.client import MatchdayClient
from bot.domain.delivery import Delivery, DeliveryKind
from bot.domain.member import Member
from bot.services.bundle import Services
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, Meaning, card, plain, send_card, shortened
from cogs._ui.consent import delivery_line
from cogs._ui.expiry import IN_INBOX, KeepFromInbox, expiry_text
from cogs._ui.notices import notice_text
from cogs._ui.pushed_dates import earlier_text, moved_text
from cogs._ui.questions import news_text
from cogs._ui.servers import server_name
from cogs._ui.slots import slot_text
from cogs._ui.times import on_clock, stamp

INBOX_PER_PAGE = 3
"""So few that each message stands there whole, as far as 4,000 characters go."""
INBOX_TEXT = 1_150


class TurnInbox(Action, prefix="remind:inbox"):
    """Turn the inbox to the page in the key."""

    async def act(self, interaction: Interaction) -> None:
        """Show the page, in place."""
        view = await inbox_card(interaction.client, interaction.user.id, int(self.key))
        await send_card(interaction, view, edit=True, waiting_line=False)


async def inbox_card(client: MatchdayClient, member_id: int, page: int) -> Card:
    """Return one page of what could not be sent, the newest first."""
    services: Services = client.services
    found, is_more = await services.inbox.page(member_id, INBOX_PER_PAGE, page * INBOX_PER_PAGE)
    if not found and page > 0:
        return await inbox_card(client, member_id, page - 1)
    if not found:
        return card("Your inbox is empty", "Every message that was due has reached you.", meaning=Meaning.DONE)
    member = await services.members.get(member_id)
    lines = [_inbox_line(services, delivery, member, server_name(client, delivery.guild_id)) for delivery in found]
    turn = [
        TurnInbox(str(max(0, page - 1)), label="Newer", disabled=page == 0),
        TurnInbox(str(page + 1), label="Older", disabled=not is_more),
    ]
    expires = any(delivery.kind is DeliveryKind.EXPIRY for delivery in found)
    keep = [KeepFromInbox(label="Keep", style=discord.ButtonStyle.primary)] if expires else []
    _, buttons = delivery_line(member)
    return card(
        "Messages that could not be sent to you",
        "\n\n".join(lines),
        meaning=Meaning.YOURS,
        rows=[keep, turn if page or is_more else [], buttons],
    )


def _inbox_line(services: Services, delivery: Delivery, member: Member, server: str) -> str:
    when = on_clock(delivery.due_at, member.zone) if member.zone else stamp(delivery.due_at)
    note = plain(delivery.payload.get("text", ""))
    if delivery.kind is DeliveryKind.DATE_MOVED:
        text = moved_text(services, delivery, member, server)
    elif delivery.kind is DeliveryKind.ANSWER:
        text = news_text(delivery)
    elif delivery.kind is DeliveryKind.SLOT:
        text = slot_text(delivery, services.clock.now(), member, server)
    elif delivery.kind is DeliveryKind.SEASON_DATE:
        event = services.catalogue.event(delivery.payload.get("event_id", ""))
        text = f"{event.name}: {event.meaning}" if event else "A date that is no longer in the calendar."
        if earlier := earlier_text(services, delivery, member, server):
            text = earlier
        text += f"\nYour note: {note}" if note else ""
    elif delivery.kind is DeliveryKind.NOTICE:
        text = notice_text(delivery.payload, "-# A notice of a server's moderators.")
    elif delivery.kind is DeliveryKind.ALARM:
        text = f"{delivery.payload['text']}\n-# To you, since you wrote it in {server}."
    elif delivery.kind is DeliveryKind.EXPIRY:
        text = expiry_text(delivery, IN_INBOX)
    else:
        text = note
    text = shortened(text, INBOX_TEXT)
    return f"**{when}**\n{text}\n-# {delivery.reason or 'It could not be sent.'}"


ITEMS = (TurnInbox,)
