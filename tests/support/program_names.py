"""Names for programs as a small catalogue has them, for tests of pure functions."""

from bot.domain.program_fields import Names

SPECIALTIES = {"internal-med": "Internal Medicine", "family-med": "Family Medicine", "im-peds": "Medicine-Pediatrics"}
ALSO = {"im": ["internal-med"], "fm": ["family-med"], "medicine": ["internal-med", "family-med"]}
REGIONS = {"NY": "New York", "PR": "Puerto Rico", "ON": "Ontario"}


def find(text: str) -> tuple[tuple[str, str], ...]:
    wanted = text.casefold()
    found = ALSO.get(wanted) or [each for each, name in SPECIALTIES.items() if wanted in (each, name.casefold())]
    return tuple((each, SPECIALTIES[each]) for each in found)


NAMES = Names(2027, find, lambda each: SPECIALTIES.get(each, each), REGIONS)
