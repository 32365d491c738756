"""``/server``: what managers set up, confirm, check and look back on."""

from bot.client import MatchdayClient
from cogs.server import _alarm, _audit, _calendar, _check, _event_own, _events, _live, _setup, _start_here
from cogs.server._cog import Server


async def setup(client: MatchdayClient) -> None:
    """Add the command and the items of its cards."""
    client.add_dynamic_items(*_live.ITEMS, *_setup.ITEMS, *_start_here.ITEMS, *_audit.ITEMS, *_calendar.ITEMS, *_check.ITEMS, *_alarm.ITEMS)
    client.add_dynamic_items(*_events.ITEMS, *_event_own.ITEMS)
    await client.add_cog(Server(client, client.services))
