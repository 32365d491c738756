"""``/broadcast``: notices of moderators to the channels and members of their server."""

from bot.client import MatchdayClient
from cogs.broadcast import _draft, _pack, _posting, _status
from cogs.broadcast._cog import Broadcasts


async def setup(client: MatchdayClient) -> None:
    """Add the command and the items of its cards."""
    client.add_dynamic_items(*_draft.ITEMS, *_status.ITEMS, *_pack.ITEMS, _posting.AboutNotice)
    await client.add_cog(Broadcasts(client.services))
