"""``/server``: what managers set up, confirm, check and look back on."""

from bot.client import MatchdayClient
from cogs.server import (
    _alarm,
    _audit,
    _calendar,
    _check,
    _event_own,
    _events,
    _faq,
    _faq_form,
    _features,
    _live,
    _mock,
    _mock_list,
    _programs,
    _setup,
    _start_here,
)
from cogs.server._cog import Server
from cogs.server._retention import Retention

PARTS = (
    _live,
    _setup,
    _features,
    _start_here,
    _audit,
    _calendar,
    _check,
    _alarm,
    _events,
    _event_own,
    _faq,
    _faq_form,
    _programs,
    _mock,
    _mock_list,
)


async def setup(client: MatchdayClient) -> None:
    """Add the command and the items of its cards."""
    client.add_dynamic_items(*(item for part in PARTS for item in part.ITEMS))
    await client.add_cog(Server(client, client.services))
    await client.add_cog(Retention(client.services))
