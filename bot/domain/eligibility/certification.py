"""The rules of ECFMG Certification, one function each; what they rest on stands in ``bot/data/rules/united_states.toml``."""

from bot.domain.eligibility.answers import Answers, Application, Certificate, Listing, Oet, OetPart, Step
from bot.domain.eligibility.questions import OLDEST_PASS
from bot.domain.eligibility.verdicts import Circumstances, Judge, Judgement, Verdict

MOST_ATTEMPTS = 4
WINDOW_YEARS = 7
RESULT_YEARS = 2
"""How many years before the Match an OET result may be: for that of 2025 the test had to be of 2023 or later."""
MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
SHOWN_BY_CERTIFICATE = "Your ECFMG Certificate shows it."
GRADES = {OetPart.LISTENING: 350, OetPart.READING: 350, OetPart.SPEAKING: 350, OetPart.WRITING: 300}


def _certified(answers: Answers) -> bool:
    return answers.certificate is Certificate.ISSUED


def graduates_too_late(answers: Answers) -> bool | None:
    """Tell whether she finishes school after the start of this Match's residencies; None where her year is not known."""
    if answers.certificate not in (Certificate.NOT_GRADUATED, Certificate.UNKNOWN):
        return False  # her papers, or her certificate, say that she has graduated
    return None if answers.graduation is None else answers.graduation > answers.match_year


def too_late(answers: Answers) -> Judgement:
    """Return what graduating after the start of this Match's residencies gives."""
    year = answers.graduation
    return Judgement(
        NOT_MET,
        f"You finish in {year}; residencies of the {answers.match_year} Match begin on July 1 of {answers.match_year}.",
        next=f"Aim at the Match of {year} or a later one: choose it with /start.",
        otherwise=f"The Match of {year} is the first that fits your graduation: choose it with /start.",
        is_over=True,
    )


def school(answers: Answers, _now: Circumstances) -> Judgement:
    """World Directory listing with a Sponsor Note for the graduation year."""
    if _certified(answers):
        return Judgement(MET, SHOWN_BY_CERTIFICATE)
    match answers.listing:
        case Listing.WITH_NOTE:
            return Judgement(MET, "Your school is listed with an ECFMG Sponsor Note for your graduation year.")
        case Listing.WITHOUT_NOTE:
            return Judgement(NOT_MET, "The listing alone is not enough: the Sponsor Note must cover your graduation year.")
        case Listing.NOT_LISTED:
            return Judgement(NOT_MET, "A school that is not in the World Directory does not lead to ECFMG Certification.")
        case Listing.UNKNOWN:
            return Judgement(UNKNOWN, "Look your school up: the Sponsor Note names the graduation years that it covers.")


def ecfmg_application(answers: Answers, _now: Circumstances) -> Judgement:
    """The Application for ECFMG Certification."""
    if _certified(answers) or answers.ecfmg_application is Application.APPROVED:
        return Judgement(MET, SHOWN_BY_CERTIFICATE if _certified(answers) else "Your application is approved.")
    match answers.ecfmg_application:
        case Application.SUBMITTED:
            return Judgement(NOT_MET, "Not yet: it is submitted, and has to be approved before you can register for a Step.")
        case Application.NOT_STARTED:
            return Judgement(NOT_MET, "Not started. It comes before every exam.")
        case _:
            return Judgement(UNKNOWN, "Look at your application in MyIntealth.")


def _step(answers: Answers, step: Step, name: str) -> Judgement:
    if _certified(answers):
        return Judgement(MET, SHOWN_BY_CERTIFICATE)
    if step.is_passed:
        return Judgement(MET, f"You passed {name}.")
    if step.is_failed:
        return Judgement(NOT_MET, f"{name} was taken and is not passed yet.")
    match step:
        case Step.BOOKED:
            return Judgement(NOT_MET, f"Not yet: {name} is booked.")
        case Step.NOT_TAKEN:
            return Judgement(NOT_MET, f"{name} has not been taken.")
        case _:
            return Judgement(UNKNOWN, f"Whether you passed {name} is not known yet.")


def step1(answers: Answers, _now: Circumstances) -> Judgement:
    """Step 1 passed."""
    return _step(answers, answers.step1, "Step 1")


def step2(answers: Answers, _now: Circumstances) -> Judgement:
    """Step 2 CK passed."""
    return _step(answers, answers.step2, "Step 2 CK")


def _attempts(answers: Answers, step: Step, name: str) -> Judgement:
    if _certified(answers):
        return Judgement(MET, SHOWN_BY_CERTIFICATE)
    if step is Step.UNKNOWN:
        return Judgement(UNKNOWN, f"How often you took {name} is not known yet.")
    if step is Step.PASSED_MORE:
        return Judgement(
            UNKNOWN,
            f"A pass of {name} at the fifth or sixth attempt is from before July 2021, under the older limit. Ask ECFMG how it counts.",
        )
    if step in (Step.BOOKED, Step.NOT_TAKEN):
        return Judgement(MET, f"You have used no attempt at {name}; there are {MOST_ATTEMPTS}.")
    used = int(step.value.rpartition("_")[2])
    if step.is_passed:
        return Judgement(MET, f"You passed {name} at attempt {used} of {MOST_ATTEMPTS}. Programs see every attempt.")
    left = MOST_ATTEMPTS - used
    if left <= 0:
        return Judgement(NOT_MET, f"All {MOST_ATTEMPTS} attempts at {name} are used. USMLE allows no more.")
    return Judgement(MET, f"{left} of {MOST_ATTEMPTS} attempts at {name} {'is' if left == 1 else 'are'} left. Programs see every attempt.")


def step1_attempts(answers: Answers, _now: Circumstances) -> Judgement:
    """At most four attempts at Step 1."""
    return _attempts(answers, answers.step1, "Step 1")


def step2_attempts(answers: Answers, _now: Circumstances) -> Judgement:
    """At most four attempts at Step 2 CK."""
    return _attempts(answers, answers.step2, "Step 2 CK")


def seven_years(answers: Answers, now: Circumstances) -> Judgement:
    """Both exams within seven years of the first pass."""
    if _certified(answers):
        return Judgement(MET, SHOWN_BY_CERTIFICATE)
    steps = ((answers.step1, answers.step1_year), (answers.step2, answers.step2_year))
    passed = [year for step, year in steps if step.is_passed]
    years = [year for year in passed if year is not None]
    if any(year > now.year for year in years):
        return Judgement(UNKNOWN, "A pass in a year that has not come yet can't be counted. Correct the year.")
    # The last option of the form has no beginning: that year, or any before it.
    oldest = answers.match_year - OLDEST_PASS - 1
    if len(years) == 2:
        return _between(min(years), max(years), oldest)
    if len(passed) == 2:
        return Judgement(UNKNOWN, "You passed both; the years decide, and one of them is not known yet.")
    if Step.UNKNOWN in (answers.step1, answers.step2):
        return Judgement(UNKNOWN, "It needs to be known which Steps you passed, and when.")
    if not passed:
        return Judgement(UNKNOWN, "The window of seven years begins with the first Step that you pass.")
    if not years:
        return Judgement(UNKNOWN, "You passed one Step; its year is not known yet, and the window counts from it.")
    return _open_window(years[0], now.year)


def _between(first: int, second: int, oldest: int) -> Judgement:
    span = second - first
    if span > WINDOW_YEARS and second > oldest:
        return Judgement(
            NOT_MET, f"The window that began in {first} had ended before the second pass. Exceptions exist, and ECFMG decides on them."
        )
    if first <= oldest:
        return Judgement(UNKNOWN, f"How far your two passes lie apart can't be told from “{oldest} or earlier”: the years decide.")
    if span == WINDOW_YEARS:
        return Judgement(UNKNOWN, f"Your two passes are {WINDOW_YEARS} calendar years apart: the days decide. Compare both score reports.")
    return Judgement(MET, f"Your two passes lie within {WINDOW_YEARS} years.")


def _open_window(first: int, year: int) -> Judgement:
    ends = first + WINDOW_YEARS
    if ends > year:
        return Judgement(UNKNOWN, f"Open: your window began in {first}. The other Step has to be passed before it ends in {ends}.")
    if ends == year:
        return Judgement(
            UNKNOWN, f"Your window ends this year, {WINDOW_YEARS} years to the day after your pass of {first}. Look at that day."
        )
    return Judgement(
        NOT_MET, f"The window that began in {first} ended in {ends}. The pass counts no longer; exceptions are ECFMG's to grant."
    )


def oet(answers: Answers, now: Circumstances) -> Judgement:
    """OET Medicine, every part in one sitting."""
    if _certified(answers):
        return Judgement(MET, SHOWN_BY_CERTIFICATE)
    match answers.oet:
        case Oet.ONE_SITTING:
            return _sat(answers, now.year)
        case Oet.SEVERAL_SITTINGS:
            return Judgement(NOT_MET, "All four parts have to reach their grade in one sitting; results of several don't add up.")
        case Oet.BOOKED:
            return Judgement(NOT_MET, "Not yet: OET is booked.")
        case Oet.NOT_TAKEN:
            return Judgement(NOT_MET, "OET Medicine has not been taken. Native speakers are not exempt.")
        case Oet.UNKNOWN:
            return Judgement(UNKNOWN, "Whether you took OET Medicine is not known yet.")


def _sat(answers: Answers, year: int) -> Judgement:
    oldest = answers.match_year - RESULT_YEARS
    if answers.oet_year is not None and answers.oet_year < oldest - 1:
        return Judgement(
            NOT_MET, f"Results count for about two years; a test of {answers.oet_year} or earlier is too old by every pattern seen."
        )
    if answers.oet_parts is None:
        return Judgement(UNKNOWN, "Your grades per part are not known yet: 350 in Listening, Reading and Speaking, 300 in Writing.")
    below = [part for part in OetPart if part not in answers.oet_parts]
    if below:
        names = ", ".join(f"{part.value.capitalize()} (needs {GRADES[part]})" for part in below)
        return Judgement(NOT_MET, f"Below the grade: {names}. The whole test is sat again.")
    if answers.oet_year is None:
        return Judgement(UNKNOWN, "Every part reached its grade; whether the result is recent enough depends on its year.")
    if answers.oet_year > year:
        return Judgement(UNKNOWN, f"A sitting of {answers.oet_year} lies ahead, and its grades are not known yet. Correct the year.")
    if answers.oet_year > oldest:
        return Judgement(MET, f"Every part reached its grade in one sitting in {answers.oet_year}.")
    if answers.oet_year == oldest:
        return Judgement(
            MET,
            f"Every part reached its grade in one sitting in {answers.oet_year}, which counts by the pattern of earlier seasons. "
            "This season's limit is not held, and a sitting early in that year is over two years old by the rank list deadline: ask ECFMG.",
        )
    return Judgement(
        UNKNOWN,
        f"The limit for this Match is not held. By the pattern of earlier seasons a test of {answers.oet_year} is too old: ask ECFMG.",
    )


def credentials(answers: Answers, _now: Circumstances) -> Judgement:
    """Diploma and transcript verified with the school."""
    if graduates_too_late(answers):
        return too_late(answers)
    match answers.certificate:
        case Certificate.ISSUED | Certificate.ISSUED_EXPIRED:
            return Judgement(MET, "They were verified for your certificate.")
        case Certificate.PAPERS_VERIFIED:
            return Judgement(MET, "Your diploma and transcript are verified.")
        case Certificate.PAPERS_IN_PROGRESS:
            return Judgement(NOT_MET, "Not yet: they are with ECFMG, and your school has to answer.")
        case Certificate.PAPERS_NOT_SENT:
            return Judgement(NOT_MET, "Your diploma and transcript have not been sent.")
        case Certificate.NOT_GRADUATED:
            return Judgement(NOT_MET, "Not yet: the diploma comes first. Your school has to answer ECFMG between graduation and the start.")
        case Certificate.UNKNOWN:
            return Judgement(UNKNOWN, "Whether your diploma and transcript are verified is not known yet.")


def certificate(answers: Answers, now: Circumstances) -> Judgement:
    """The ECFMG Certificate by the start of training."""
    if _certified(answers):
        return Judgement(MET, "Your certificate is issued.")
    if graduates_too_late(answers):
        return too_late(answers)
    if answers.certificate is Certificate.UNKNOWN:
        missing = [name for name, judge in _BEFORE_A_CERTIFICATE.items() if judge(answers, now).verdict is NOT_MET]
        if missing:
            return Judgement(NOT_MET, f"It can't be issued yet; still missing: {', '.join(missing)}.")
        return Judgement(UNKNOWN, "Whether it is issued is not known yet.")
    if answers.certificate is Certificate.ISSUED_EXPIRED:
        return Judgement(NOT_MET, "It has to be revalidated before you begin.")
    return Judgement(NOT_MET, "Not yet. It is needed before the first day, not for applying.")


_BEFORE_A_CERTIFICATE: dict[str, Judge] = {"the application": ecfmg_application, "Step 1": step1, "Step 2 CK": step2}
"""What nobody lacks who was ever certified; an OET or a Pathway may have run out since."""
