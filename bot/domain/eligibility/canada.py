"""The rules of Canada, one function each; what they rest on stands in ``bot/data/rules/canada.toml``."""

from bot.domain.calendar import WallTime
from bot.domain.eligibility import dates
from bot.domain.eligibility.answers import (
    Answers,
    CanadaStatus,
    Exam,
    Language,
    Listing,
    Province,
    ProvinceStep,
    References,
    Return,
    Way,
    YesNo,
)
from bot.domain.eligibility.classification import CanadaClass, classify_canada
from bot.domain.eligibility.verdicts import Circumstances, Judge, Judgement, Verdict
from bot.domain.facts import Certainty

MET, NOT_MET, UNKNOWN, DEPENDS = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.DEPENDS
DATES = ("carms-match-day", "match-day")
"""The dates that decide which of the two matches comes first."""
FIRST_IS_OVER = (
    "Applying to the first iteration is over, by the pattern held where its deadline is not. Whether you are in it is not asked here; "
    "if you are not, the second iteration is left, where everybody competes for the seats that remain."
)
SECOND_IS_LEFT = "If you did not apply in the first iteration, look at carms.ca today for the last day of the second, and apply there."
US_SCHOOL = (
    "What CaRMS asks of graduates of US schools (references, exams, language, steps of a province) is not held here; "
    "their stream is commonly stated only. Ask CaRMS."
)
ASSESSMENTS = {
    Province.ALBERTA: "the AIMG assessment of Alberta",
    Province.BRITISH_COLUMBIA: "the Clinical Assessment Program of British Columbia",
    Province.QUEBEC: "the equivalence of the Collège des médecins du Québec",
}


def status(answers: Answers, _now: Circumstances) -> Judgement:
    """Citizen or permanent resident."""
    match answers.canada_status:
        case CanadaStatus.CITIZEN | CanadaStatus.PERMANENT_RESIDENT:
            return Judgement(MET, "Citizens and permanent residents may take part.")
        case CanadaStatus.NEITHER:
            return Judgement(NOT_MET, "CaRMS takes citizens and permanent residents only; a visa, a study or a work permit is not enough.")
        case CanadaStatus.UNKNOWN:
            return Judgement(UNKNOWN, "It depends on your status in Canada, which is not known yet.")


def school(answers: Answers, _now: Circumstances) -> Judgement:
    """World Directory listing."""
    match answers.listing:
        case Listing.WITH_NOTE | Listing.WITHOUT_NOTE:
            # The note that the form asks for is the American one: it says nothing about the Canadian.
            return Judgement(
                MET, "Your school is listed. A Canadian Sponsor Note is commonly asked for too: look for it in the same entry."
            )
        case Listing.NOT_LISTED:
            return Judgement(NOT_MET, "A school that is not in the World Directory is not accepted.")
        case Listing.UNKNOWN:
            return Judgement(UNKNOWN, "Look your school up in the World Directory.")


def _exam(exam: Exam, name: str) -> Judgement:
    match exam:
        case Exam.PASSED:
            return Judgement(MET, f"You passed the {name}.")
        case Exam.FAILED:
            return Judgement(NOT_MET, f"The {name} was taken and is not passed yet.")
        case Exam.BOOKED:
            return Judgement(NOT_MET, f"Not yet: the {name} is booked. Its result must be out before programs review.")
        case Exam.NOT_TAKEN:
            return Judgement(NOT_MET, f"The {name} has not been taken.")
        case Exam.UNKNOWN:
            return Judgement(UNKNOWN, f"Whether you passed the {name} is not known yet.")


def mccqe1(answers: Answers, _now: Circumstances) -> Judgement:
    """MCCQE Part I passed."""
    return _exam(answers.mccqe1, "MCCQE Part I")


def nac(answers: Answers, _now: Circumstances) -> Judgement:
    """NAC Examination passed."""
    return _exam(answers.nac, "NAC Examination")


def language(answers: Answers, _now: Circumstances) -> Judgement:
    """Proof of language, by province."""
    match answers.language:
        case Language.PROVEN if answers.province in (Province.UNDECIDED, Province.UNKNOWN):
            return Judgement(DEPENDS, "You hold proof; which tests and scores count is for each province to say, and yours is open.")
        case Language.PROVEN:
            return Judgement(MET, "You hold proof that your province accepts.")
        case Language.SOME_RESULT:
            return Judgement(DEPENDS, "You hold a result. Accepted tests and scores differ by province: compare it with yours.")
        case Language.NONE if answers.province is Province.QUEBEC:
            return Judgement(NOT_MET, "No proof of language yet; Québec asks for French.")
        case Language.NONE:
            return Judgement(NOT_MET, "No proof of language yet.")
        case Language.UNKNOWN:
            return Judgement(UNKNOWN, "What you can show is not known yet.")


def iteration(answers: Answers, now: Circumstances) -> Judgement:
    """First iteration: no training in Canada or the US before, and an application in time."""
    if answers.prior_training is YesNo.YES:
        return Judgement(NOT_MET, "With earlier training in Canada or the US the first iteration is closed; the second one is yours.")
    if now.has_passed(dates.SECOND_ITERATION) or now.has_passed(dates.FIRST_ITERATION):
        return Judgement(UNKNOWN, FIRST_IS_OVER, next=SECOND_IS_LEFT)
    if answers.prior_training is YesNo.NO:
        return Judgement(MET, "Without earlier training in Canada or the US the first iteration, with its seats for IMGs, is open to you.")
    return Judgement(UNKNOWN, "It depends on earlier residency training in Canada or the US, which is not known yet.")


def province(answers: Answers, _now: Circumstances) -> Judgement:
    """The extra steps of a province."""
    if answers.province in ASSESSMENTS:
        named = ASSESSMENTS[answers.province]
        match answers.province_step:
            case ProvinceStep.DONE:
                return Judgement(MET, f"You have {named}.")
            case ProvinceStep.NOT_DONE:
                return Judgement(NOT_MET, f"Still missing: {named}.")
            case ProvinceStep.UNKNOWN:
                return Judgement(UNKNOWN, f"It asks for {named}; whether you have that is not known yet.")
    match answers.province:
        case Province.ONTARIO:
            return Judgement(
                UNKNOWN,
                "Ontario's rule of 2025 on schooling or residence there was withdrawn; what it asks for 2027 is not held. Ask CaRMS.",
            )
        case Province.UNDECIDED:
            return Judgement(DEPENDS, "Each province adds rules of its own; read those of every province that you consider.")
        case Province.UNKNOWN:
            return Judgement(UNKNOWN, "It depends on the province, which is not known yet.")
        case _:
            return Judgement(UNKNOWN, "The rules of that province are not held here. Read its page at CaRMS.")


def return_of_service(answers: Answers, _now: Circumstances) -> Judgement:
    """Service in the province afterwards."""
    match answers.return_of_service:
        case Return.ACCEPTS:
            return Judgement(MET, "You would accept it. Its length differs: five years in Ontario, two in British Columbia.")
        case Return.DECLINES:
            return Judgement(DEPENDS, "Most IMG seats bind you to two to five years in the province; only seats without it remain.")
        case Return.UNKNOWN:
            return Judgement(UNKNOWN, "Whether you would accept it is not known yet.")


def references(answers: Answers, _now: Circumstances) -> Judgement:
    """References for CaRMS."""
    if classify_canada(answers).value is CanadaClass.US_SCHOOL:
        return Judgement(UNKNOWN, US_SCHOOL, next="Ask CaRMS which stream is yours and what it asks for, references included.")
    match answers.references:
        case References.READY:
            return Judgement(DEPENDS, "They are ready. How many, from whom and in which form is for each program to say.")
        case References.ASKED:
            return Judgement(NOT_MET, "Not yet: they are asked for and not in.")
        case References.NONE:
            return Judgement(NOT_MET, "No references yet.")
        case References.UNKNOWN:
            return Judgement(UNKNOWN, "Where your references stand is not known yet.")


def order(_answers: Answers, now: Circumstances) -> Judgement:
    """Which of the two matches comes first: by their days, where both are held."""
    carms, nrmp = (now.events.get(key) for key in DATES)
    if carms is None or carms.at is None or nrmp is None or nrmp.at is None:
        return Judgement(
            UNKNOWN,
            "The earlier result binds and withdraws you from the other match. This season's days are not both held, so the order is open.",
        )
    days = f"CaRMS on {_day(carms.at)}, NRMP on {_day(nrmp.at)}"
    first, other = ("CaRMS", "NRMP") if carms.at.instant() < nrmp.at.instant() else ("NRMP", "CaRMS")
    sure = carms.citation.certainty is nrmp.citation.certainty is Certainty.ANNOUNCED
    confirm = "" if sure else " Not both days are announced: confirm them before you rely on it."
    return Judgement(DEPENDS, f"{first} comes first ({days}): if you match there, it binds you and withdraws you from {other}.{confirm}")


def _day(at: WallTime) -> str:
    return f"{at.local.day} {at.local:%B %Y}"


JUDGES: dict[str, Judge] = {
    "ca-status": status,
    "ca-school": school,
    "ca-mccqe1": mccqe1,
    "ca-nac": nac,
    "ca-language": language,
    "ca-iteration": iteration,
    "ca-province": province,
    "ca-return-of-service": return_of_service,
    "ca-references": references,
    "ca-order": order,
}
"""Every rule by its id, in the order in which a card shows them."""


def concerning(answers: Answers) -> tuple[str, ...]:
    """Return the rules that concern her, in order; graduates of Canadian and US schools have streams of their own."""
    match classify_canada(answers).value:
        case CanadaClass.CMG:
            ids: tuple[str, ...] = ("ca-status", "ca-order")
        case CanadaClass.US_SCHOOL:
            ids = ("ca-status", "ca-references", "ca-order")
        case _:
            ids = tuple(JUDGES)
    return tuple(rule_id for rule_id in ids if rule_id != "ca-order" or answers.country is Way.BOTH)
