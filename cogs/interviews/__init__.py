"""``/interviews``: what members of a server heard of invitations."""

from bot.client import MatchdayClient
from cogs.interviews import _heard
from cogs.interviews._cog import Interviews


async def setup(client: MatchdayClient) -> None:
    """Add the commands and the items of their cards."""
    client.add_dynamic_items(*_heard.ITEMS)
    await client.add_cog(Interviews(client.services))
