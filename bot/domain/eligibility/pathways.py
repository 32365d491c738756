"""ECFMG's Pathways: where hers stands, and which could still be hers by the dates of earlier seasons."""

from bot.domain.eligibility.answers import Answers, Certificate, Pathway
from bot.domain.eligibility.verdicts import Circumstances, Judgement, Verdict

LICENCE_YEAR, LICENCE_SEASON = 2019, 2024
"""Pathway 1 of the 2024 season took licences of 1 January 2019 or later."""
GRADUATION_YEARS, GRADUATION_SEASON = (2022, 2023), 2026
"""Pathways 3 to 5 of the seasons up to 2026 took graduations of 1 January 2022, then 2023, or later."""
_NOT_HELD = "Whether this season's Pathways still take applications is not held: ask ECFMG today."
_APPLY = "Ask ECFMG today whether this season's Pathways still take applications and from which date on, then apply."
_SIXTH = "Pathway 6 remains: six clinical encounters, evaluated by licensed physicians."
_KINDS = {
    Pathway.SCHOOL_RECOGNISED: (
        "Pathways 3 and 4 are for recent graduates of schools whose accrediting agency is recognised by WFME, "
        "or found comparable by NCFMEA."
    ),
    Pathway.JOINT_DEGREE: "Pathway 5 is for recent graduates with a joint degree with an accredited US school.",
}


def pathway(answers: Answers, _now: Circumstances) -> Judgement:
    """Clinical skills through an accepted Pathway."""
    if answers.certificate is Certificate.ISSUED:
        return Judgement(Verdict.MET, "Your ECFMG Certificate shows it.")
    match answers.pathway:
        case Pathway.ACCEPTED:
            return Judgement(Verdict.MET, "Your Pathway is accepted and valid.")
        case Pathway.UNKNOWN:
            return Judgement(Verdict.UNKNOWN, "Which Pathway fits you, and where it stands, is not known yet.")
        case Pathway.ACCEPTED_EXPIRED:
            reason = f"An acceptance that was not used has to be revalidated or applied for anew. {_NOT_HELD}"
            return Judgement(Verdict.NOT_MET, reason, next=_APPLY)
        case Pathway.APPLIED:
            reason = "Not yet: it is applied for and not accepted."
            return Judgement(Verdict.NOT_MET, reason, next="Ask ECFMG today what your application waits for, and by when.")
        case Pathway.LICENSED:
            return Judgement(Verdict.NOT_MET, f"Not applied for. {_of_a_licence(answers.match_year)} {_NOT_HELD}", next=_APPLY)
        case Pathway.NONE_OF_THESE:
            return Judgement(Verdict.NOT_MET, f"Not applied for. {_SIXTH} {_NOT_HELD}", next=_APPLY)
        case Pathway.SCHOOL_RECOGNISED | Pathway.JOINT_DEGREE:
            return Judgement(
                Verdict.NOT_MET, f"Not applied for. {_KINDS[answers.pathway]} {_of_a_graduation(answers)} {_NOT_HELD}", next=_APPLY
            )


def _of_a_licence(match_year: int) -> str:
    slid = LICENCE_YEAR + match_year - LICENCE_SEASON
    return (
        f"Pathway 1 asks for a licence to practise without supervision abroad; for the {LICENCE_SEASON} season one of 1 January "
        f"{LICENCE_YEAR} or later. The date slides by about a year a season: about {slid} for this Match, estimated, not announced."
    )


def _of_a_graduation(answers: Answers) -> str:
    first, last = GRADUATION_YEARS
    held = (
        f"In the seasons up to {GRADUATION_SEASON} they took graduations of 1 January {first}, then {last}, or later; "
        "the date slides by about a year a season."
    )
    if answers.graduation is None:
        return f"{held} Your year of graduation decides, and is not known yet."
    # The latest limit that was read, moved on by all seasons since but one: who finished before it is too early however one counts.
    if answers.graduation < last + answers.match_year - GRADUATION_SEASON - 1:
        return f"{held} By that pattern {answers.graduation} is too early: ask ECFMG. {_SIXTH}"
    return f"{held} Whether {answers.graduation} is late enough for this Match is not held: ask ECFMG. {_SIXTH}"
