"""``/remind``: every message to a member, and what she wants of them."""

from bot.client import MatchdayClient
from cogs.remind import _inbox, _list, _settings
from cogs.remind._cog import Remind


async def setup(client: MatchdayClient) -> None:
    """Add the commands and the items of their cards."""
    client.add_dynamic_items(*_list.ITEMS, *_settings.ITEMS, *_inbox.ITEMS)
    await client.add_cog(Remind(client, client.services))
