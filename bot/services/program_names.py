"""What the catalogue knows of a program's fields: specialties by loose names, states, and through which service one applies."""

from bot.catalogue.catalogue import Catalogue
from bot.domain.letters import ApplicationService
from bot.domain.program_fields import Names
from bot.domain.regions import PROVINCES, TERRITORIES

_SERVICES = {
    "ERAS": ApplicationService.ERAS,
    "ResidencyCAS": ApplicationService.RESIDENCYCAS,
    "PSCA": ApplicationService.CENTRAL_APP,
    "SF Match": ApplicationService.SF_MATCH,
}
"""With what the catalogue's words of a service begin."""


class ProgramNames:
    """Look up the names that the fields of a program hold."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.regions = {**catalogue.figures.state_names, **TERRITORIES, **PROVINCES}

    def of(self, season_year: int) -> Names:
        """Return the names for a Match."""
        return Names(season_year, self._specialties, self.specialty, self.regions)

    def specialty(self, specialty_id: str) -> str:
        """Return the name of a specialty; its id where the catalogue does not hold it any more."""
        found = self._catalogue.figures.specialty(specialty_id)
        return found.name if found else specialty_id

    def service(self, specialty_id: str | None, region: str, *, is_canadian: bool = False) -> ApplicationService:
        """Return through which service one applies: CaRMS in a province, else that of the specialty, else ERAS.

        ``is_canadian`` is one who applies in Canada alone: where no state is named, she means CaRMS.
        """
        if region in PROVINCES or (is_canadian and not region):
            return ApplicationService.CARMS
        found = self._catalogue.figures.specialty(specialty_id) if specialty_id else None
        words = found.application_service if found else ""
        return next((service for begin, service in _SERVICES.items() if words.startswith(begin)), ApplicationService.ERAS)

    def _specialties(self, text: str) -> tuple[tuple[str, str], ...]:
        return tuple((each.id, each.name) for each in self._catalogue.figures.index.find(text, limit=5))
