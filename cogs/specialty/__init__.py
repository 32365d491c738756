"""``/specialty``: published figures of specialties."""

from bot.client import MatchdayClient
from cogs.specialty import _compare, _figures, _list, _show
from cogs.specialty._cog import SpecialtyCog


async def setup(client: MatchdayClient) -> None:
    """Add the commands and the items of their cards."""
    client.add_dynamic_items(*_show.ITEMS, *_compare.ITEMS, *_list.ITEMS, *_figures.ITEMS)
    await client.add_cog(SpecialtyCog(client.services))
