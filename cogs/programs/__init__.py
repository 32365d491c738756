"""``/programs``: the programs that a member considers and applies to."""

from bot.client import MatchdayClient
from cogs.programs import _cost, _files, _fit, _forms, _import, _list, _program, _server_list, _ways
from cogs.programs._cog import Programs

ITEMS = (
    *_ways.ITEMS,
    *_list.ITEMS,
    *_program.ITEMS,
    *_forms.ITEMS,
    *_files.ITEMS,
    *_import.ITEMS,
    *_server_list.ITEMS,
    *_fit.ITEMS,
    *_cost.ITEMS,
)


async def setup(client: MatchdayClient) -> None:
    """Add the commands and the items of their cards."""
    client.add_dynamic_items(*ITEMS)
    await client.add_cog(Programs(client.services))
