"""The words of ``/programs fit``."""

from bot.domain.program_fit import NOTED, FitCase, FitFinding, FitRule, Fits
from bot.domain.programs import NO_LIMIT, Program
from cogs.programs import _words as words

RULES = {
    FitRule.CITIZENSHIP: "Citizenship",
    FitRule.VISA: "Visa",
    FitRule.GRADUATION: "Years since graduation",
    FitRule.SCORE: "Step 2 CK score",
    FitRule.ATTEMPTS: "Attempts at a Step",
    FitRule.STEP3: "Step 3",
    FitRule.EXPERIENCE: "Clinical experience",
    FitRule.FIRST_YEAR: "Kind of place",
    FitRule.IMGS: "IMGs among residents",
    FitRule.SCHOOL: "Graduates of your school",
}
SHORT = {
    FitRule.CITIZENSHIP: "citizenship",
    FitRule.VISA: "visa",
    FitRule.GRADUATION: "graduation",
    FitRule.SCORE: "score",
    FitRule.ATTEMPTS: "attempts",
}
FITS = {Fits.YES: "Fits", Fits.NO: "Does not fit", Fits.UNKNOWN: "Unknown", Fits.KNOW: "To know"}
CASES = {
    FitCase.NOT_NOTED: "Not noted of this program yet.",
    FitCase.NO_LIMIT: "The program sets none, as noted.",
    FitCase.CANADIAN: "CaRMS takes citizens and permanent residents of Canada, and you are one by your saved answers.",
    FitCase.NOT_CANADIAN: "CaRMS takes citizens and permanent residents of Canada; by your saved answers you are neither.",
    FitCase.NO_VISA_NEEDED: "By your saved answers you need none.",
    FitCase.VISA_TAKEN: "It takes {theirs}, and that is among what you have in mind.",
    FitCase.VISA_NOT_TAKEN: "You need one; the program: {theirs}.",
    FitCase.VISA_CONDITIONS: "You need one; the program: {theirs}. Ask it before you apply.",
    FitCase.OWN_STATUS: "You have another authorisation to work: whether that is accepted, each program says. Ask it.",
    FitCase.GRADUATED_WITHIN: "At most {asked}; yours are {hers} by this Match.",
    FitCase.GRADUATED_BEFORE: "At most {asked}; yours are {hers} by this Match.",
    FitCase.SCORE_REACHED: "At least {asked}; yours is {hers}.",
    FitCase.SCORE_BELOW: "At least {asked}; yours is {hers}.",
    FitCase.ATTEMPTS_WITHIN: "At most {asked} at one Step; you passed with at most {hers}.",
    FitCase.ATTEMPTS_BEYOND: "At most {asked} at one Step; yours are {hers}, the next one counted where a Step is not passed.",
    FitCase.ATTEMPTS_OPEN: "At most {asked} at one Step; so far yours would be {hers}, and a Step is still to be passed.",
    FitCase.STEP3_FIRST: "It takes H-1B and not J-1: the petition needs Step 3, which is not passed by your saved answers.",
    FitCase.NONE_ASKED: "The program asks for none, as noted.",
    FitCase.MONTHS_REACHED: "{asked} months asked for; {hers} hands-on are noted in your rotations.",
    FitCase.MONTHS_BELOW: "{asked} months asked for; {hers} are noted in your rotations, those begun by today, four weeks to a month.",
    FitCase.MONTHS_MIXED: "{asked} months asked for; {hers} hands-on are noted, enough only where observerships or research count. Ask it.",
    FitCase.IN_WORDS: "It asks for: {words}. Only you can weigh that.",
    FitCase.ADVANCED: "Advanced: it begins in the second year, and a first year has to come from elsewhere.",
    FitCase.PRELIMINARY: "One or two years only: what follows has to come from elsewhere.",
    FitCase.PHYSICIAN: "For physicians who have done the first year.",
    FitCase.SOME_THERE: "{theirs} noted. That says who was taken, not who will be.",
    FitCase.NONE_THERE: "None noted. Ask whether that is chance.",
}
NOT_TOLD = {
    FitRule.CITIZENSHIP: "Your status in Canada is not told: /eligibility check asks, and Save keeps it.",
    FitRule.VISA: "Whether you need one is not told: /eligibility check asks, and Save keeps it.",
    FitRule.GRADUATION: "At most {asked}. Your year of graduation is not told: /eligibility check asks, and Save keeps it.",
    FitRule.SCORE: "At least {asked}. Give yours with the score of /programs fit, which is not stored, or note it in /journey exams.",
    FitRule.ATTEMPTS: "At most {asked} at one Step. Yours are not told: /eligibility check asks, and Save keeps them.",
    FitRule.EXPERIENCE: "{asked} months asked for. No rotation of yours is noted: /letters rotations keeps them.",
}
NO_VERDICT = (
    "Laid beside what you told; no score is made of it. Programs make exceptions and have further reasons: each one decides. "
    "A cut-off counts as it stands on the program's own page today."
)
GROUPS = {
    "": "All programs",
    "y": "Every noted cut-off fits",
    "n": "A cut-off does not fit",
    "u": "Not enough is known",
}
GROUP_OF = {Fits.YES: "y", Fits.NO: "n", Fits.UNKNOWN: "u"}


def sentence(program: Program, finding: FitFinding) -> str:
    """Return what one rule found, in a sentence."""
    if finding.case is FitCase.NOT_TOLD:
        return NOT_TOLD[finding.rule].format(asked=_asked(program, finding))
    return CASES[finding.case].format(
        asked=_asked(program, finding), hers=finding.hers, theirs=_theirs(program, finding.rule), words=words.experience_text(program, 110)
    )


def _asked(program: Program, finding: FitFinding) -> str:
    if finding.rule is FitRule.GRADUATION and finding.asked not in (None, NO_LIMIT):
        return f"{finding.asked} ({program.season_year - (finding.asked or 0)} or later)"
    return str(finding.asked)


def _theirs(program: Program, rule: FitRule) -> str:
    noted = NOTED.get(rule)
    return words.fact_text(program, noted, 60) if noted is not None and noted in words.FACTS else ""


def read_text(program: Program, rule: FitRule) -> str:
    """Return where and when the program's side was read, short; empty where nothing says so."""
    noted = NOTED.get(rule)
    return words.reading_text(program.readings.get(noted), brief=True) if noted else ""
