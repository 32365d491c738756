"""What is said beside a message that a result day is here: good news only to those who said that they matched, to others where help is."""

from bot.domain.delivery import Delivery, DeliveryKind
from bot.domain.member import Member
from bot.services.bundle import Services

CHEER = "\nCongratulations on your match. /matchweek now has the next step."
CARE = (
    "\nWhatever your result: /matchweek now has the next steps, SOAP and applying again first. "
    "Where help is: in the United States and Canada call or text 988 at any hour; elsewhere your local emergency number."
)


async def beside(services: Services, delivery: Delivery, member: Member) -> str:
    """Return the line; empty for every message that is about another date, and before results are out."""
    if delivery.kind is not DeliveryKind.SEASON_DATE:
        return ""
    may = await services.own_week.cheer(member.id, delivery.payload.get("event_id", ""), delivery.guild_id)
    return "" if may is None else CHEER if may else CARE
