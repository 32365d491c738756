"""``/mydata``: what is stored of a member, shown, handed over, summed up on a page of her own, and erased."""

import cogs.mydata._erasure  # noqa: F401 - what it does is known by being imported
from bot.client import MatchdayClient
from bot.domain.delivery import DeliveryKind
from cogs._ui.expiry import ITEMS, keep_offer
from cogs._ui.pushed import OFFERS
from cogs.mydata._cards import AskErase, EraseAll, ExportData, KeepAll, ShowData
from cogs.mydata._cog import MyData


async def setup(client: MatchdayClient) -> None:
    """Add the commands and the items of their cards."""
    OFFERS[DeliveryKind.EXPIRY] = keep_offer
    client.add_dynamic_items(ShowData, ExportData, AskErase, EraseAll, KeepAll, *ITEMS)
    await client.add_cog(MyData(client.services))
