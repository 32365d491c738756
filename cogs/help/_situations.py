"""What to do first in a situation that changes the way: steps by commands, and the answers of ``/faq`` that hold the facts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Situation:
    """Hold a situation: as a member says it, what to do, and the ids of answers, which carry sources and certainty."""

    title: str
    first: str
    """The commands that answer it first."""
    steps: tuple[str, ...]
    answers: tuple[str, ...]
    said: str = ""
    """What needs saying before the steps."""

    @property
    def text(self) -> tuple[str, ...]:
        """Return the blocks of its card."""
        steps = "\n".join(f"{number}. {each}" for number, each in enumerate(self.steps, 1))
        return tuple(part for part in (self.said, steps) if part)


SITUATIONS = {
    "unmatched": Situation(
        "I did not match",
        "/matchweek soap, status, now",
        (
            "Today: the answers below say who may take part in SOAP, what is allowed, and where help is, also at night.",
            "/matchweek soap: whether you may take part, its rounds on your clock with reminders, and your applications counted.",
            "Do not write to programs, and let nobody write for you: programs get in touch, not applicants.",
            "/ask new: a person of your server who advises, with your name hidden if you wish.",
            "Later, and not today: what to do otherwise next time. /mydata summary puts on one page what you have.",
        ),
        ("unmatched-monday", "soap-eligible", "soap-contact", "soap-offers", "partly-matched", "after-soap", "in-crisis", "reapply"),
        "It says nothing about what kind of physician you are. The next hours have rules, and they can be done one by one.",
    ),
    "reapplying": Situation(
        "I am reapplying",
        "/letters board, /programs list, /mydata summary",
        (
            "/start: set the year of the Match that you aim at now; dates and reminders follow.",
            "/eligibility check: what may have run out since, such as OET or a Pathway, and what rules have changed.",
            "/letters board: take letters over from an earlier season, and see which have to be new.",
            "/programs list: carry programs over; what you noted keeps the day on which you read it, so look again.",
            "/mydata summary: what you have and what is missing, on one page, without a score.",
        ),
        ("reapply", "lor-reuse", "oet", "pathways", "without-residency", "gaps"),
    ),
    "failed": Situation(
        "I failed a Step",
        "/eligibility check, /faq",
        (
            "/eligibility check: answer with the attempts as they are; it says which rules look at them, and which do not.",
            "/eligibility explain: the limit of attempts and the seven years, each with its source.",
            "/countdown event: type rank list; results have to be out before that date.",
            "/programs list: note what each program says of attempts, with where you read it; /programs fit lays yours beside it.",
        ),
        ("failed-step", "attempts", "seven-years", "exam-pending", "program-filters"),
        "It is hard, and it ends the way only where a limit is reached. What you tell programs of it has to be true.",
    ),
    "caribbean": Situation(
        "I studied in the Caribbean",
        "/eligibility check, /specialty show",
        (
            "/eligibility check: the school's listing with ECFMG decides, not where it lies. It also says whether you count as a US IMG.",
            "/faq: what ECFMG looks at in a school, and how your diploma is verified.",
            "/specialty show: places filled by US IMGs and by non-US IMGs apart, with year and source.",
            "/letters rotations: rotations in the United States that your school arranged, and who could write.",
        ),
        ("school", "who-is-img", "credentials", "program-filters", "img-specialties"),
        "Whether you count as a US IMG, and whether you need a visa, are two questions: /eligibility check asks each of them once.",
    ),
    "canadian": Situation(
        "I am a Canadian who studies abroad",
        "/start, /eligibility check, /calendar show",
        (
            "/start: choose both countries, and each date is shown for both.",
            "/eligibility check: CaRMS and NRMP side by side, the provinces, and how the two matches bind each other.",
            "/calendar show: the dates of both in one order; what is not known is said to be.",
            "/interviews practice: choose Canada, for interviews of short stations among others.",
        ),
        ("carms-eligible", "carms-exams", "carms-and-nrmp", "carms-iterations", "return-of-service", "carms-deadline", "visa-needed"),
    ),
    "couple": Situation(
        "We are a couple",
        "/ranklist board, check",
        (
            "/faq: how two lists become one of pairs, and what each of you has to have done in NRMP's system.",
            "/ranklist board: say that you rank as one of a couple. Nothing of your partner is stored here.",
            "/ranklist check: both accepted, both paid, equal lengths, both certified.",
            "Each of you has a list and reminders of her or his own here: neither sees the other's.",
        ),
        ("couples", "couples-lists", "rank-certify", "nrmp-cost"),
        "Matchday shows the algorithm for one person only: with couples it works through pairs, and that is not shown here.",
    ),
}
"""In the order in which they are offered; the key is what ``topic:`` sends."""
