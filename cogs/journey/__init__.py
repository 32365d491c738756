"""``/journey``: her way from the school to the first day, as checklists that read what she told elsewhere."""

from bot.client import MatchdayClient
from cogs.journey import _exams, _forms, _guide, _ways, _week
from cogs.journey._cog import JourneyCog

ITEMS = (*_ways.ITEMS, *_guide.ITEMS, *_forms.ITEMS, *_exams.ITEMS, *_week.ITEMS)


async def setup(client: MatchdayClient) -> None:
    """Add the commands and the items of their cards."""
    client.add_dynamic_items(*ITEMS)
    await client.add_cog(JourneyCog())
