"""``/help``: what to do in which situation, what this bot is, and what it stores."""

from bot.client import MatchdayClient
from cogs.help._cog import Help, TopicChoice


async def setup(client: MatchdayClient) -> None:
    """Add the command and the select of its cards."""
    client.add_dynamic_items(TopicChoice)
    await client.add_cog(Help(client.services))
