"""The pictures of ``/specialty``; matplotlib is loaded when the first one is drawn, beside the event loop."""

from collections.abc import Sequence

from bot.domain.specialties import MatchRate, RankListLength, Specialty
from bot.pictures.drawing import Picture


async def draw_outcomes(specialty: Specialty) -> Picture:
    """Draw the means of matched and unmatched non-US IMGs."""
    from bot.pictures import draw, outcomes

    return await draw(outcomes, specialty)


async def draw_comparison(specialties: Sequence[Specialty]) -> Picture:
    """Draw specialties beside each other."""
    from bot.pictures import comparison, draw

    return await draw(comparison, tuple(specialties))


async def draw_match_rates(rates: Sequence[MatchRate]) -> Picture:
    """Draw match rates over the years."""
    from bot.pictures import draw, match_rates

    return await draw(match_rates, tuple(rates))


async def draw_rank_list_lengths(lengths: Sequence[RankListLength]) -> Picture:
    """Draw the mean lengths of rank order lists over the years."""
    from bot.pictures import draw, rank_list_lengths

    return await draw(rank_list_lengths, tuple(lengths))
