"""What the doctor found, read in tests."""

from collections.abc import Iterable

from bot.doctor.finding import Finding, Level


def of(check: str, found: Iterable[Finding]) -> tuple[Level, str]:
    """Return the worst level of one check and all its words; whatever is not well says what mends it."""
    mine = [each for each in found if each.check == check]
    assert mine, check
    assert all(each.mend for each in mine if each.level is not Level.WELL)
    assert all(each.what.endswith(".") for each in mine)
    return max((each.level for each in mine), key=list(Level).index), "\n".join(f"{each.what} {each.mend}" for each in mine)
