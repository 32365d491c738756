"""The rules of the United States, one function each; what they rest on stands in ``bot/data/rules/united_states.toml``."""

from dataclasses import replace

from bot.domain.eligibility import certification, pathways
from bot.domain.eligibility.answers import (
    Answers,
    Eras,
    Nrmp,
    Passed,
    Place,
    UsStatus,
    VisaPlan,
    YesNo,
)
from bot.domain.eligibility.classification import UsClass, classify_us, may_be_no_img
from bot.domain.eligibility.verdicts import Circumstances, Judge, Judgement, Verdict

MET, NOT_MET, UNKNOWN, DEPENDS = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.DEPENDS
VISA_OPEN = "It matters only if you need a visa, and your status in the United States is not known yet."
EXEMPT_INSIDE = "In 2025 a change of status inside the country was exempt from the payment of 100,000 USD."
PAID_OUTSIDE = "From 21 September 2025 a payment of 100,000 USD was asked for petitions for people outside the country."
AFTER_2026 = "What holds after 21 September 2026 is not known: check the current state."
A_START = "a start on July 1"


def verified(answers: Answers, now: Circumstances) -> Judgement:
    """The exam requirements by the rank order list deadline; a pass outside the window of seven years is none."""
    exams = {
        "Step 1": judge("us-step1", answers, now).verdict,
        "Step 2 CK": judge("us-step2", answers, now).verdict,
        "both passes inside the seven-year window": judge("us-seven-years", answers, now).verdict,
    }
    missing = [name for name, verdict in exams.items() if verdict is NOT_MET]
    if missing:
        return Judgement(NOT_MET, f"Still missing: {' and '.join(missing)}. An IMG who is not verified is withdrawn from the Match.")
    open_ = [name for name, verdict in exams.items() if verdict is UNKNOWN]
    if open_:
        return Judgement(UNKNOWN, f"Not known yet: {', '.join(open_)}. The verification rests on it.")
    if all(judge(rule, answers, now).verdict is MET for rule in ("us-pathway", "us-oet")):
        return Judgement(MET, "Exams, Pathway and OET are done. ECFMG tells NRMP; look in NRMP's system whether you show as verified.")
    return Judgement(
        UNKNOWN,
        "Your Steps are passed. The page held says exam requirements and does not say whether Pathway and OET count: treat them as needed.",
    )


def eras(answers: Answers, _now: Circumstances) -> Judgement:
    """Token and applications."""
    match answers.eras:
        case Eras.APPLIED:
            return Judgement(MET, "Your applications of this season are sent.")
        case Eras.TOKEN:
            return Judgement(NOT_MET, "You have the token; nothing is sent yet. An exam may still be open when you apply.")
        case Eras.NONE:
            whose = "your own school can say where it comes from" if _is_no_img(answers) else "IMGs get it from ECFMG, their dean's office"
            return Judgement(NOT_MET, f"Nothing is sent, and there is no token yet: {whose}.")
        case Eras.UNKNOWN:
            return Judgement(UNKNOWN, "Whether you applied this season is not known yet.")


def nrmp(answers: Answers, _now: Circumstances) -> Judgement:
    """Registration for the Main Residency Match."""
    match answers.nrmp:
        case Nrmp.REGISTERED:
            return Judgement(MET, "You are registered.")
        case Nrmp.NOT_REGISTERED:
            return Judgement(NOT_MET, "Not registered. After the standard deadline it costs 50 USD more, until the rank list deadline.")
        case Nrmp.UNKNOWN:
            return Judgement(UNKNOWN, "Look into NRMP's system: an application in ERAS is no registration.")


def visa(answers: Answers, _now: Circumstances) -> Judgement:
    """Whether a visa is needed."""
    match answers.us_status:
        case UsStatus.CITIZEN | UsStatus.GREEN_CARD:
            return Judgement(MET, "You need no visa.")
        case UsStatus.OTHER_AUTHORISATION:
            return Judgement(DEPENDS, "Whether your permission to work is enough is for each program to say. Ask before you apply.")
        case UsStatus.VISA_NEEDED:
            return Judgement(DEPENDS, "You need one, and each program says which visas it takes: J-1, H-1B, both or none.")
        case UsStatus.UNKNOWN:
            return Judgement(UNKNOWN, "It depends on your status in the United States, which is not known yet.")


def j1(answers: Answers, now: Circumstances) -> Judgement:
    """J-1, sponsored by Intealth (ECFMG) alone."""
    if answers.us_status is UsStatus.UNKNOWN:
        return Judgement(UNKNOWN, VISA_OPEN)
    certified = judge("us-certificate", answers, now).verdict
    if certified is MET:
        return Judgement(
            DEPENDS,
            "Your side is ready. The rest follows after the Match: the contract, and a Statement of Need from the country "
            "of your last legal permanent residence (or your nationality).",
        )
    if certified is NOT_MET:
        return Judgement(NOT_MET, "Not yet: the sponsor asks for the ECFMG Certificate first.")
    return Judgement(UNKNOWN, "It rests on the ECFMG Certificate, which is not known yet.")


def h1b(answers: Answers, now: Circumstances) -> Judgement:
    """H-1B: Step 3 before the petition, and a proclamation whose present state is not known."""
    todo = _h1b_next(answers, now)
    if answers.us_status is UsStatus.UNKNOWN:
        return Judgement(UNKNOWN, VISA_OPEN, next=todo)
    certified = judge("us-certificate", answers, now).verdict
    missing = [
        name
        for name, is_missing in (("Step 3", answers.step3 is Passed.NOT_PASSED), ("the ECFMG Certificate", certified is NOT_MET))
        if is_missing
    ]
    if missing:
        words = f"Not yet: {' and '.join(missing)} come{'s' if len(missing) == 1 else ''} before the petition."
        return Judgement(NOT_MET, words, next=todo)
    if answers.step3 is Passed.UNKNOWN or certified is UNKNOWN:
        return Judgement(UNKNOWN, "It rests on Step 3 and the ECFMG Certificate, and one of them is not known yet.", next=todo)
    match answers.place:
        case Place.INSIDE_US:
            words = f"Your exams are ready; whether a program files H-1B petitions is for it to say. {EXEMPT_INSIDE} {AFTER_2026}"
            return Judgement(DEPENDS, words, next=todo)
        case Place.OUTSIDE_US:
            return Judgement(UNKNOWN, f"Your exams are ready. {PAID_OUTSIDE} {AFTER_2026}", next=todo)
        case Place.UNKNOWN:
            words = "Your exams are ready. Whether you are inside the United States with a valid status matters, and is not known yet."
            return Judgement(UNKNOWN, f"{words} {AFTER_2026}", next=todo)


def _h1b_next(answers: Answers, now: Circumstances) -> str:
    """Return what to do about Step 3, which not everybody may take yet, and about the rest."""
    rest = "Ask each program whether it files H-1B petitions, and check the present state of the proclamation."
    if answers.step3 is Passed.PASSED:
        return rest
    if judge("us-certificate", answers, now).verdict is not MET:
        return f"Step 3 comes after Steps 1 and 2 CK and the ECFMG Certificate: finish those first. {rest}"
    return f"Take Step 3, in the US or its territories only, so that its result is there when the petition is filed in spring. {rest}"


def soap(answers: Answers, now: Circumstances) -> Judgement:
    """SOAP, for those who are partly matched or not matched."""
    if certification.graduates_too_late(answers):
        return certification.too_late(answers)
    parts = {"the NRMP registration": judge("us-nrmp", answers, now).verdict}
    if not _is_no_img(answers):
        verification = judge("us-verified", answers, now).verdict
        # Who may turn out to be no IMG may need none.
        parts["the verification by ECFMG"] = UNKNOWN if may_be_no_img(answers) and verification is NOT_MET else verification
    parts[A_START] = _july_start(answers)
    for verdict, words in ((NOT_MET, "Missing for SOAP"), (UNKNOWN, "Not known yet")):
        names = [name for name, found in parts.items() if found is verdict]
        if names:
            start = _about_the_start(answers) if names == [A_START] else Judgement(verdict, "")
            return replace(start, verdict=verdict, reason=f"{words}: {', '.join(names)}.")
    return Judgement(MET, "You could take part, should Monday of Match Week leave you without a position or with a part of one.")


def _july_start(answers: Answers) -> Verdict:
    if answers.july_start is YesNo.YES:
        return UNKNOWN if certification.graduates_too_late(answers) is None else MET
    return NOT_MET if answers.july_start is YesNo.NO else UNKNOWN


def _about_the_start(answers: Answers) -> Judgement:
    """Return what to do where nothing but the start on July 1 is open; verdict and reason are the caller's."""
    if answers.july_start is YesNo.NO:
        return Judgement(
            NOT_MET,
            "",
            next="See whether your first day can be moved to July 1; SOAP takes only those who can begin then.",
            otherwise="Without a start on July 1 there is no SOAP this season. Plan for the next one.",
        )
    if answers.july_start is YesNo.YES:
        return Judgement(
            UNKNOWN, "", next="Answer under “You and your school” when you finish: it decides whether you can begin on July 1."
        )
    return Judgement(UNKNOWN, "", next="Answer “Visa and start”: it asks whether you can begin on July 1.")


def usce(_answers: Answers, _now: Circumstances) -> Judgement:
    """US clinical experience."""
    return Judgement(DEPENDS, "No rule of ECFMG, NRMP or ERAS asks for it; each program sets what it wants.")


def program_limits(_answers: Answers, _now: Circumstances) -> Judgement:
    """What programs set themselves."""
    return Judgement(DEPENDS, "Year of graduation, attempts, scores and visas: each program sets its own limits, and many filter by them.")


JUDGES: dict[str, Judge] = {
    "us-school": certification.school,
    "us-ecfmg-application": certification.ecfmg_application,
    "us-credentials": certification.credentials,
    "us-step1": certification.step1,
    "us-step1-attempts": certification.step1_attempts,
    "us-step2": certification.step2,
    "us-step2-attempts": certification.step2_attempts,
    "us-seven-years": certification.seven_years,
    "us-pathway": pathways.pathway,
    "us-oet": certification.oet,
    "us-verified": verified,
    "us-certificate": certification.certificate,
    "us-eras": eras,
    "us-nrmp": nrmp,
    "us-visa": visa,
    "us-j1": j1,
    "us-h1b": h1b,
    "us-soap": soap,
    "us-usce": usce,
    "us-program-limits": program_limits,
}
"""Every rule by its id, in the order in which a card shows them."""

FOR_GRADUATES_OF_THE_US = ("us-eras", "us-nrmp", "us-visa", "us-soap", "us-program-limits")
"""What concerns those who are no IMGs."""


def _is_no_img(answers: Answers) -> bool:
    return classify_us(answers).value in (UsClass.NOT_IMG, UsClass.CANADIAN_GRADUATE)


def judge(rule_id: str, answers: Answers, now: Circumstances) -> Judgement:
    """Return what one rule gives."""
    return JUDGES[rule_id](answers, now)


def concerning(answers: Answers) -> tuple[str, ...]:
    """Return the rules that concern her, in order."""
    if _is_no_img(answers):
        return FOR_GRADUATES_OF_THE_US
    plan, visas = answers.visa_plan, {"us-j1": VisaPlan.J1, "us-h1b": VisaPlan.H1B}
    match answers.us_status:
        case UsStatus.CITIZEN | UsStatus.GREEN_CARD:
            left_out = set(visas)
        case UsStatus.OTHER_AUTHORISATION:  # a visa concerns her where she has one in mind
            left_out = {rule_id for rule_id, visa in visas.items() if plan not in (visa, VisaPlan.EITHER)}
        case UsStatus.VISA_NEEDED | UsStatus.UNKNOWN:
            left_out = {rule_id for rule_id, visa in visas.items() if plan not in (visa, VisaPlan.EITHER, VisaPlan.UNKNOWN)}
    return tuple(rule_id for rule_id in JUDGES if rule_id not in left_out)
