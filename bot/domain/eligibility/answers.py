"""What a member answers about herself: every answer may be unknown, and nothing else is asked."""

from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """Where she applies."""

    UNITED_STATES = "us"
    CANADA = "canada"
    BOTH = "both"


class School(StrEnum):
    """Where her medical school is."""

    US = "us"
    CANADA = "canada"
    OTHER = "other"
    UNKNOWN = "unknown"


class Listing(StrEnum):
    """How the World Directory of Medical Schools lists her school, for the year of her graduation."""

    WITH_NOTE = "with_note"
    WITHOUT_NOTE = "without_note"
    NOT_LISTED = "not_listed"
    UNKNOWN = "unknown"


class UsStatus(StrEnum):
    """What she is in the United States."""

    CITIZEN = "citizen"
    GREEN_CARD = "green_card"
    OTHER_AUTHORISATION = "other_authorisation"
    VISA_NEEDED = "visa_needed"
    UNKNOWN = "unknown"


class Application(StrEnum):
    """Where her Application for ECFMG Certification stands."""

    APPROVED = "approved"
    SUBMITTED = "submitted"
    NOT_STARTED = "not_started"
    UNKNOWN = "unknown"


class Step(StrEnum):
    """How a Step of the USMLE went so far, attempts counted."""

    PASSED_1 = "passed_1"
    PASSED_2 = "passed_2"
    PASSED_3 = "passed_3"
    PASSED_4 = "passed_4"
    PASSED_MORE = "passed_more"
    FAILED_1 = "failed_1"
    FAILED_2 = "failed_2"
    FAILED_3 = "failed_3"
    FAILED_4 = "failed_4"
    BOOKED = "booked"
    NOT_TAKEN = "not_taken"
    UNKNOWN = "unknown"

    @property
    def is_passed(self) -> bool:
        """Tell whether it was passed."""
        return self.value.startswith("passed")

    @property
    def is_failed(self) -> bool:
        """Tell whether it was taken and not passed."""
        return self.value.startswith("failed")


class Oet(StrEnum):
    """How OET Medicine was taken."""

    ONE_SITTING = "one_sitting"
    SEVERAL_SITTINGS = "several_sittings"
    BOOKED = "booked"
    NOT_TAKEN = "not_taken"
    UNKNOWN = "unknown"


class OetPart(StrEnum):
    """A part of OET."""

    LISTENING = "listening"
    READING = "reading"
    SPEAKING = "speaking"
    WRITING = "writing"


class Pathway(StrEnum):
    """Where her ECFMG Pathway stands, or which one she would use."""

    ACCEPTED = "accepted"
    ACCEPTED_EXPIRED = "accepted_expired"
    APPLIED = "applied"
    LICENSED = "licensed"
    SCHOOL_RECOGNISED = "school_recognised"
    JOINT_DEGREE = "joint_degree"
    NONE_OF_THESE = "none_of_these"
    UNKNOWN = "unknown"


class Certificate(StrEnum):
    """Where her ECFMG Certificate and the verification of her diploma stand."""

    ISSUED = "issued"
    ISSUED_EXPIRED = "issued_expired"
    PAPERS_VERIFIED = "papers_verified"
    PAPERS_IN_PROGRESS = "papers_in_progress"
    PAPERS_NOT_SENT = "papers_not_sent"
    NOT_GRADUATED = "not_graduated"
    UNKNOWN = "unknown"


class Eras(StrEnum):
    """Where her applications of this season stand."""

    APPLIED = "applied"
    TOKEN = "token"  # noqa: S105 - a registration key of ERAS, not a secret of ours
    NONE = "none"
    UNKNOWN = "unknown"


class Nrmp(StrEnum):
    """Whether she is registered for this Match."""

    REGISTERED = "registered"
    NOT_REGISTERED = "not_registered"
    UNKNOWN = "unknown"


class VisaPlan(StrEnum):
    """Which visa she has in mind."""

    J1 = "j1"
    H1B = "h1b"
    EITHER = "either"
    UNKNOWN = "unknown"


class Passed(StrEnum):
    """Whether an exam was passed."""

    PASSED = "passed"
    NOT_PASSED = "not_passed"
    UNKNOWN = "unknown"


class Place(StrEnum):
    """Where she is, and whether with a valid status."""

    INSIDE_US = "inside_us"
    OUTSIDE_US = "outside_us"
    UNKNOWN = "unknown"


class YesNo(StrEnum):
    """Yes, no, or not known."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class CanadaStatus(StrEnum):
    """What she is in Canada."""

    CITIZEN = "citizen"
    PERMANENT_RESIDENT = "permanent_resident"
    NEITHER = "neither"
    UNKNOWN = "unknown"


class Exam(StrEnum):
    """How an exam of the Medical Council of Canada went."""

    PASSED = "passed"
    FAILED = "failed"
    BOOKED = "booked"
    NOT_TAKEN = "not_taken"
    UNKNOWN = "unknown"


class Language(StrEnum):
    """What she can show of her language."""

    PROVEN = "proven"
    SOME_RESULT = "some_result"
    NONE = "none"
    UNKNOWN = "unknown"


class Province(StrEnum):
    """Where in Canada she applies first of all."""

    ONTARIO = "ontario"
    QUEBEC = "quebec"
    BRITISH_COLUMBIA = "british_columbia"
    ALBERTA = "alberta"
    OTHER = "other"
    UNDECIDED = "undecided"
    UNKNOWN = "unknown"


class ProvinceStep(StrEnum):
    """Whether the assessment of her province is done."""

    DONE = "done"
    NOT_DONE = "not_done"
    UNKNOWN = "unknown"


class Return(StrEnum):
    """Whether she accepts to serve in the province afterwards."""

    ACCEPTS = "accepts"
    DECLINES = "declines"
    UNKNOWN = "unknown"


class References(StrEnum):
    """Where her Canadian references stand."""

    READY = "ready"
    ASKED = "asked"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answers:
    """Hold all answers; each default means that she does not know or was not asked."""

    match_year: int
    country: Way = Way.UNITED_STATES
    school: School = School.UNKNOWN
    graduation: int | None = None
    listing: Listing = Listing.UNKNOWN
    us_status: UsStatus = UsStatus.UNKNOWN
    ecfmg_application: Application = Application.UNKNOWN
    step1: Step = Step.UNKNOWN
    step1_year: int | None = None
    step2: Step = Step.UNKNOWN
    step2_year: int | None = None
    oet: Oet = Oet.UNKNOWN
    oet_year: int | None = None
    oet_parts: frozenset[OetPart] | None = None
    pathway: Pathway = Pathway.UNKNOWN
    certificate: Certificate = Certificate.UNKNOWN
    eras: Eras = Eras.UNKNOWN
    nrmp: Nrmp = Nrmp.UNKNOWN
    visa_plan: VisaPlan = VisaPlan.UNKNOWN
    step3: Passed = Passed.UNKNOWN
    place: Place = Place.UNKNOWN
    july_start: YesNo = YesNo.UNKNOWN
    canada_status: CanadaStatus = CanadaStatus.UNKNOWN
    prior_training: YesNo = YesNo.UNKNOWN
    mccqe1: Exam = Exam.UNKNOWN
    nac: Exam = Exam.UNKNOWN
    language: Language = Language.UNKNOWN
    province: Province = Province.UNKNOWN
    province_step: ProvinceStep = ProvinceStep.UNKNOWN
    return_of_service: Return = Return.UNKNOWN
    references: References = References.UNKNOWN
