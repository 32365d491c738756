"""Subspecialties by the field that they belong to: a cardiologist's letter is one in internal medicine."""

INTERNAL_MEDICINE, PEDIATRICS, SURGERY = "internal-med", "pediatrics", "surgery"
_OF_INTERNAL_MEDICINE = (
    "cardiology", "critical care", "endocrinology", "gastroenterology", "geriatrics", "hematology", "hematology and oncology",
    "hematology oncology", "hepatology", "hospital medicine", "infectious diseases", "infectious disease", "medical oncology", "nephrology",
    "oncology", "pulmonology", "pulmonary medicine", "rheumatology", "interventional cardiology",
)  # fmt: skip
_OF_SURGERY = ("burn surgery", "colorectal surgery", "surgical oncology", "transplant surgery", "trauma surgery")


def parent_of(specialty: str) -> str:
    """Return the id of the field that a subspecialty belongs to, or the specialty as it is."""
    name = " ".join(specialty.casefold().replace("/", " ").replace("-", " ").split())
    if name.startswith(("pediatric ", "paediatric ")):
        return PEDIATRICS
    if name in _OF_INTERNAL_MEDICINE:
        return INTERNAL_MEDICINE
    return SURGERY if name in _OF_SURGERY else specialty
