"""NRMP's worked examples of the matching algorithm, as published."""

from bot.domain.matching.market import Market, ProgramList

VIDEO = Market(
    {
        "Arthur": ("City",),
        "Sunny": ("City", "Mercy"),
        "Joseph": ("City", "General", "Mercy"),
        "Latha": ("Mercy", "City", "General"),
        "Darrius": ("City", "Mercy", "General"),
    },
    {
        "Mercy": ProgramList(2, ("Darrius", "Joseph")),
        "City": ProgramList(2, ("Darrius", "Arthur", "Sunny", "Latha", "Joseph")),
        "General": ProgramList(2, ("Darrius", "Arthur", "Joseph", "Latha")),
    },
)
PRINTED = Market(
    {
        "Anderson": ("City",),
        "Chen": ("City", "Mercy"),
        "Ford": ("City", "General", "Mercy"),
        "Davis": ("Mercy", "City", "General"),
        "Eastman": ("City", "Mercy", "General"),
    },
    {
        "Mercy": ProgramList(2, ("Chen", "Ford")),
        "City": ProgramList(2, ("Eastman", "Anderson", "Chen", "Davis", "Ford")),
        "General": ProgramList(2, ("Eastman", "Anderson", "Ford", "Davis")),
    },
)
