"""The questions of the eligibility form: titles, help and options in the words that a member reads, in pages."""

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.eligibility.answers import Answers, Way

DONT_KNOW = "I don't know"
EARLIEST_GRADUATION = 2004
"""The first year that stands for itself; what lies before is one option."""
OLDEST_PASS = 9
"""How many years back a pass is asked by its year; what lies before is one option."""


class Field(StrEnum):
    """A question, by the field of the answers that it fills."""

    SCHOOL = "school"
    GRADUATION = "graduation"
    LISTING = "listing"
    US_STATUS = "us_status"
    ECFMG_APPLICATION = "ecfmg_application"
    STEP1 = "step1"
    STEP1_YEAR = "step1_year"
    STEP2 = "step2"
    STEP2_YEAR = "step2_year"
    OET = "oet"
    OET_PARTS = "oet_parts"
    PATHWAY = "pathway"
    CERTIFICATE = "certificate"
    ERAS = "eras"
    NRMP = "nrmp"
    VISA_PLAN = "visa_plan"
    STEP3 = "step3"
    PLACE = "place"
    JULY_START = "july_start"
    CANADA_STATUS = "canada_status"
    PRIOR_TRAINING = "prior_training"
    MCCQE1 = "mccqe1"
    NAC = "nac"
    LANGUAGE = "language"
    PROVINCE = "province"
    PROVINCE_STEP = "province_step"
    RETURN_OF_SERVICE = "return_of_service"
    REFERENCES = "references"


@dataclass(frozen=True, slots=True)
class Option:
    """Hold one answer: its value, and its words."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """Hold one question; ``several`` may be chosen at once where it says so."""

    field: Field
    title: str
    help: str
    options: tuple[Option, ...]
    several: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Hold the questions that are asked together: at most five."""

    key: str
    title: str
    fields: tuple[Field, ...]


def _options(*pairs: tuple[str, str]) -> tuple[Option, ...]:
    return (*(Option(value, label) for value, label in pairs), Option("unknown", DONT_KNOW))


_STEP = _options(
    ("passed_1", "Passed, at the first attempt"),
    ("passed_2", "Passed, at the second attempt"),
    ("passed_3", "Passed, at the third attempt"),
    ("passed_4", "Passed, at the fourth attempt"),
    ("passed_more", "Passed, at the fifth or sixth attempt"),
    ("failed_1", "One attempt, not passed yet"),
    ("failed_2", "Two attempts, not passed yet"),
    ("failed_3", "Three attempts, not passed yet"),
    ("failed_4", "Four or more attempts, not passed"),
    ("booked", "Booked, not taken yet"),
    ("not_taken", "Not taken yet"),
)
_EXAM = _options(("passed", "Passed"), ("failed", "Taken, not passed"), ("booked", "Booked"), ("not_taken", "Not taken yet"))

_FIXED: tuple[Question, ...] = (
    Question(
        Field.SCHOOL,
        "Where is your medical school?",
        "What counts is the place of the school, not your passport.",
        _options(("us", "In the United States"), ("canada", "In Canada"), ("other", "In another country")),
    ),
    Question(
        Field.LISTING,
        "Your school in the World Directory",
        "Look for the ECFMG Sponsor Note and the graduation years that it covers.",
        _options(
            ("with_note", "Listed, with a Sponsor Note for my graduation year"),
            ("without_note", "Listed, but no Sponsor Note for my graduation year"),
            ("not_listed", "Not listed"),
        ),
    ),
    Question(
        Field.US_STATUS,
        "Your status in the United States",
        "Citizenship decides how NRMP counts you; status decides whether you need a visa.",
        _options(
            ("citizen", "US citizen"),
            ("green_card", "Green card holder"),
            ("other_authorisation", "Other permission to work"),
            ("visa_needed", "None of these: I need a visa"),
        ),
    ),
    Question(
        Field.ECFMG_APPLICATION,
        "Application for ECFMG Certification",
        "It comes before the exams.",
        _options(("approved", "Approved"), ("submitted", "Submitted"), ("not_started", "Not started")),
    ),
    Question(Field.STEP1, "USMLE Step 1", "Incomplete attempts count as attempts.", _STEP),
    Question(Field.STEP2, "USMLE Step 2 CK", "Incomplete attempts count as attempts.", _STEP),
    Question(
        Field.OET_PARTS,
        "OET parts at the required grade",
        "350 in Listening, Reading and Speaking; 300 in Writing. Tick what you reached.",
        (
            Option("listening", "Listening, 350 or more"),
            Option("reading", "Reading, 350 or more"),
            Option("speaking", "Speaking, 350 or more"),
            Option("writing", "Writing, 300 or more"),
            Option("unknown", DONT_KNOW),
        ),
        several=True,
    ),
    Question(
        Field.PATHWAY,
        "ECFMG Pathway",
        "The clinical skills requirement.",
        _options(
            ("accepted", "Accepted, and still valid"),
            ("accepted_expired", "Accepted in an earlier season, no longer valid"),
            ("applied", "Applied, waiting"),
            ("licensed", "Not applied; I am licensed to practise abroad (Pathway 1)"),
            ("school_recognised", "Not applied; my school is accredited (Pathway 3 or 4)"),
            ("joint_degree", "Not applied; joint degree with a US school (Pathway 5)"),
            ("none_of_these", "Not applied; none of these fits (Pathway 6)"),
        ),
    ),
    Question(
        Field.CERTIFICATE,
        "ECFMG Certificate, and your diploma",
        "The diploma and transcript are verified with the school itself.",
        _options(
            ("issued", "Certificate issued, and valid"),
            ("issued_expired", "Certificate issued, but it must be revalidated"),
            ("papers_verified", "No certificate yet; diploma and transcript verified"),
            ("papers_in_progress", "Diploma and transcript sent, not verified yet"),
            ("papers_not_sent", "Graduated; diploma and transcript not sent"),
            ("not_graduated", "Not graduated yet"),
        ),
    ),
    Question(
        Field.ERAS,
        "Your applications this season",
        "ERAS, or ResidencyCAS where the specialty uses it.",
        _options(("applied", "Sent"), ("token", "Not sent; I have the ERAS token"), ("none", "Not sent; no token yet")),
    ),
    Question(
        Field.NRMP,
        "NRMP registration for this Match",
        "It is apart from the applications.",
        _options(("registered", "Registered"), ("not_registered", "Not registered")),
    ),
    Question(
        Field.VISA_PLAN,
        "Which visa do you have in mind?",
        "Programs say which ones they take.",
        _options(("j1", "J-1"), ("h1b", "H-1B"), ("either", "Either")),
    ),
    Question(
        Field.STEP3, "USMLE Step 3", "Needed before an H-1B petition.", _options(("passed", "Passed"), ("not_passed", "Not passed yet"))
    ),
    Question(
        Field.PLACE,
        "Where are you now?",
        "It matters for a first H-1B.",
        _options(("inside_us", "In the United States, with a valid status"), ("outside_us", "Outside the United States")),
    ),
    Question(
        Field.JULY_START,
        "Can you begin on July 1?",
        "SOAP asks for it.",
        _options(("yes", "Yes"), ("no", "No")),
    ),
    Question(
        Field.CANADA_STATUS,
        "Your status in Canada",
        "CaRMS asks for it on the application.",
        _options(("citizen", "Canadian citizen"), ("permanent_resident", "Permanent resident"), ("neither", "Neither")),
    ),
    Question(
        Field.PRIOR_TRAINING,
        "Residency training in Canada or the US so far",
        "It decides which iteration is yours.",
        _options(("no", "None"), ("yes", "Some")),
    ),
    Question(Field.MCCQE1, "MCCQE Part I", "Results must be out before programs review.", _EXAM),
    Question(Field.NAC, "NAC Examination", "Results must be out before programs review.", _EXAM),
    Question(
        Field.LANGUAGE,
        "Proof of language",
        "Accepted tests and scores differ by province.",
        _options(
            ("proven", "I hold proof that my province accepts"),
            ("some_result", "I hold a result, not checked against the province"),
            ("none", "None yet"),
        ),
    ),
    Question(
        Field.PROVINCE,
        "Province that you aim at first",
        "Each has rules of its own.",
        _options(
            ("ontario", "Ontario"),
            ("quebec", "Québec"),
            ("british_columbia", "British Columbia"),
            ("alberta", "Alberta"),
            ("other", "Another province"),
            ("undecided", "Not decided"),
        ),
    ),
    Question(
        Field.PROVINCE_STEP,
        "The province's own assessment",
        "AIMG in Alberta, the Clinical Assessment Program in BC, CMQ equivalence in Québec.",
        _options(("done", "Done"), ("not_done", "Not done")),
    ),
    Question(
        Field.RETURN_OF_SERVICE,
        "Return of service",
        "Most IMG seats ask for some years of work in the province.",
        _options(("accepts", "I would accept it"), ("declines", "I would not")),
    ),
    Question(
        Field.REFERENCES,
        "References for CaRMS",
        "Number and form differ by program.",
        _options(("ready", "Ready"), ("asked", "Asked, not in yet"), ("none", "None yet")),
    ),
)
_BY_FIELD = {question.field: question for question in _FIXED}

US_PAGES = (
    Page("us1", "You and your school", (Field.SCHOOL, Field.GRADUATION, Field.LISTING, Field.US_STATUS, Field.ECFMG_APPLICATION)),
    Page("us2", "Exams", (Field.STEP1, Field.STEP1_YEAR, Field.STEP2, Field.STEP2_YEAR, Field.OET)),
    Page("us3", "Certification and this season", (Field.OET_PARTS, Field.PATHWAY, Field.CERTIFICATE, Field.ERAS, Field.NRMP)),
)
US_DETAILS = Page("us4", "Visa and start", (Field.VISA_PLAN, Field.STEP3, Field.PLACE, Field.JULY_START))
CANADA_PAGES = (
    Page("ca1", "You and your school", (Field.CANADA_STATUS, Field.SCHOOL, Field.GRADUATION, Field.LISTING, Field.PRIOR_TRAINING)),
    Page("ca2", "Exams and province", (Field.MCCQE1, Field.NAC, Field.LANGUAGE, Field.PROVINCE, Field.PROVINCE_STEP)),
    Page("ca3", "Service and references", (Field.RETURN_OF_SERVICE, Field.REFERENCES)),
)
BOTH_FIRST = Page("ca1", "You in Canada", (Field.CANADA_STATUS, Field.PRIOR_TRAINING))
"""What is left of Canada's first page for one who answered the shared questions on the page of the United States."""


def pages(way: Way) -> tuple[Page, ...]:
    """Return the pages of the form, in order, without asking anything twice."""
    if way is Way.CANADA:
        return CANADA_PAGES
    return US_PAGES if way is Way.UNITED_STATES else (*US_PAGES, BOTH_FIRST, *CANADA_PAGES[1:])


def page(way: Way, key: str) -> Page | None:
    """Return one page of the form, the details of the United States included, or None."""
    known = (*pages(way), *((US_DETAILS,) if way is not Way.CANADA else ()))
    return next((each for each in known if each.key == key), None)


def question(field: Field, match_year: int, way: Way = Way.UNITED_STATES) -> Question:
    """Return one question; those that ask for a year offer the years that matter for this Match."""
    if field is Field.LISTING and way is Way.CANADA:
        return replace(_BY_FIELD[field], help="CaRMS asks for the listing. The Sponsor Note named here is ECFMG's, for the United States.")
    if field is Field.GRADUATION:
        years = range(match_year + 1, EARLIEST_GRADUATION - 1, -1)[:22]
        options = _years(years, f"{years[-1] - 1} or earlier", years[-1] - 1)
        return Question(field, "Year in which you finish medical school", "The year on the diploma, or the one that you expect.", options)
    if field is Field.OET:
        return _oet(match_year)
    if field in (Field.STEP1_YEAR, Field.STEP2_YEAR):
        name = "Step 1" if field is Field.STEP1_YEAR else "Step 2 CK"
        years = range(match_year, match_year - OLDEST_PASS - 1, -1)
        options = _years(years, f"{years[-1] - 1} or earlier", years[-1] - 1, "Not passed, or I don't know")
        return Question(field, f"Year in which you passed {name}", "For the seven-year window of ECFMG.", options)
    return _BY_FIELD[field]


def _years(years: range, earlier: str, before: int, unknown: str = DONT_KNOW) -> tuple[Option, ...]:
    return (*(Option(str(year), str(year)) for year in years), Option(str(before), earlier), Option("unknown", unknown))


def _oet(match_year: int) -> Question:
    years = range(match_year, match_year - 4, -1)
    sat = [Option(f"one_sitting-{year}", f"Taken in one sitting, {year}") for year in years]
    options = (
        *sat,
        Option(f"one_sitting-{years[-1] - 1}", f"Taken in one sitting, {years[-1] - 1} or earlier"),
        Option("one_sitting", "Taken in one sitting, I don't know when"),
        Option("several_sittings", "The parts come from more than one sitting"),
        Option("booked", "Booked"),
        Option("not_taken", "Not taken yet"),
        Option("unknown", DONT_KNOW),
    )
    return Question(Field.OET, "OET Medicine", "The communication skills requirement.", options)


def values_of(answers: Answers, field: Field) -> tuple[str, ...]:
    """Return the values of the options that stand for what she answered."""
    if field is Field.OET_PARTS:
        return ("unknown",) if answers.oet_parts is None else tuple(sorted(part.value for part in answers.oet_parts))
    if field is Field.OET and answers.oet.value == "one_sitting" and answers.oet_year is not None:
        return (f"one_sitting-{answers.oet_year}",)
    value = getattr(answers, field.value)
    return ("unknown",) if value is None else (str(value),)
