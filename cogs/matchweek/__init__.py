"""``/matchweek``: the week as it is for one member."""

from typing import Any

import discord

from bot.client import MatchdayClient
from bot.domain.delivery import Delivery, DeliveryKind
from bot.domain.member import Country
from bot.domain.own_week import ROUNDS, WEEK
from cogs._ui.pushed import BESIDE
from cogs.matchweek import _now, _say, _soap, _status, _ways
from cogs.matchweek._cog import MatchWeek
from cogs.matchweek._ways import View


def _week_button(delivery: Delivery) -> list[discord.ui.Item[Any]]:
    """Return the way to the week, below a reminder of one of its dates."""
    code, _, rest = delivery.payload.get("event_id", "").partition("-")
    key = rest.partition("-")[2]
    if delivery.kind is not DeliveryKind.SEASON_DATE or code not in set(Country) or key not in WEEK[Country(code)]:
        return []
    view = View.SOAP if key in ROUNDS else View.NOW
    return [_ways.OpenWeek(f"{view.value}-{code}", label="My Match Week")]


ITEMS = (*_ways.ITEMS, *_say.ITEMS, *_soap.ITEMS)
CARDS = (_now.now_card, _status.status_card)
"""Named here, so that their modules are loaded with the cog."""


async def setup(client: MatchdayClient) -> None:
    """Add the commands and the items of their cards."""
    BESIDE["matchweek"] = _week_button
    client.add_dynamic_items(*ITEMS)
    await client.add_cog(MatchWeek())
