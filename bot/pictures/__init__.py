"""Pictures: domain objects in, PNG bytes and alternative text out; matplotlib is loaded when the first one is drawn."""

from bot.pictures.costs import CostBar, program_costs
from bot.pictures.drawing import Picture, draw
from bot.pictures.journey import WayBar, way
from bot.pictures.letters import LadderRow, letter_ladder
from bot.pictures.means import outcomes
from bot.pictures.rates import match_rates, rank_list_lengths
from bot.pictures.season import season_timeline
from bot.pictures.specialties import comparison

__all__ = [
    "CostBar",
    "LadderRow",
    "Picture",
    "WayBar",
    "comparison",
    "draw",
    "letter_ladder",
    "match_rates",
    "outcomes",
    "program_costs",
    "rank_list_lengths",
    "season_timeline",
    "way",
]  # fmt: skip
