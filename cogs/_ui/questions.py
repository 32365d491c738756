"""A question to advisors in words: the same for her who asks, in the preview, and for those who answer."""

from collections.abc import Callable, Sequence

from bot.domain.delivery import Delivery
from bot.domain.questions import Question, QuestionMessage, QuestionRole, QuestionState, QuestionTopic, SharedFact
from cogs._ui.cards import plain, shortened
from cogs._ui.times import stamp

TOPICS = {
    QuestionTopic.ELIGIBILITY: "Eligibility",
    QuestionTopic.EXAMS: "Exams",
    QuestionTopic.LETTERS: "Letters",
    QuestionTopic.PROGRAMS: "Programs",
    QuestionTopic.INTERVIEWS: "Interviews",
    QuestionTopic.RANK_LIST: "Rank list",
    QuestionTopic.VISA: "Visa",
    QuestionTopic.CANADA: "Canada",
    QuestionTopic.OTHER: "Something else",
}
STATES = {
    QuestionState.DRAFT: "draft",
    QuestionState.OPEN: "waiting",
    QuestionState.CLAIMED: "claimed",
    QuestionState.ANSWERED: "answered",
    QuestionState.REOPENED: "reopened",
    QuestionState.CLOSED: "closed",
    QuestionState.WITHDRAWN: "withdrawn",
}
FACTS = {SharedFact.COUNTRIES: "Applies in", SharedFact.TARGET_YEAR: "Aims at the Match of", SharedFact.ZONE: "Time zone"}

ERASED_MEMBER = "A member who erased her data"
ERASED_WORDS = "(erased)"
ENTRY_TEXT = 3_000
"""As much of a question as stands in its entry: what would be formatted is escaped, which makes it longer."""
SAID_TEXT = 1_600
SAID_PER_PAGE = 2
"""So few that each stands there whole, as far as 4,000 characters go."""


def who(question: Question) -> str:
    """Return who asks, as advisors see it."""
    if question.member_id is None:
        return ERASED_MEMBER
    return f"A member (code {question.code})" if question.is_name_hidden else f"<@{question.member_id}>"


def entry_blocks(question: Question) -> list[str]:
    """Return what advisors see of a question: who asks, what she shares, what she asks; nothing else of her."""
    facts = "".join(f"\n**{FACTS[fact]}:** {plain(question.facts[fact])}" for fact in SharedFact if fact in question.facts)
    words = shortened(plain(question.text), ENTRY_TEXT) or ERASED_WORDS
    return [f"**From:** {who(question)}\n**Topic:** {TOPICS[question.topic]}{facts}", words]


def state_line(question: Question) -> str:
    """Return where a question stands, as advisors see it."""
    match question.state:
        case QuestionState.CLAIMED | QuestionState.ANSWERED:
            by = f" by <@{question.claimed_by}>" if question.claimed_by else ""
            return f"{STATES[question.state].capitalize()}{by}; asked {stamp(question.asked_at or question.waits_since, 'R')}."
        case QuestionState.OPEN | QuestionState.REOPENED:
            return f"{STATES[question.state].capitalize()} since {stamp(question.waits_since, 'f')}, {stamp(question.waits_since, 'R')}."
        case QuestionState.WITHDRAWN:
            return "Withdrawn: the member took it back, and its words are erased."
        case _:
            return f"{STATES[question.state].capitalize()}."


def said_pages(messages: Sequence[QuestionMessage]) -> int:
    """Return how many pages a question and what was said since fill."""
    return (len(messages) + 1 + SAID_PER_PAGE - 1) // SAID_PER_PAGE


def said_blocks(question: Question, messages: Sequence[QuestionMessage], page: int, name: Callable[[QuestionMessage], str]) -> list[str]:
    """Return one page of a question and what was said since, in order; ``name`` says whose words they are."""
    first = question.asked_at or question.waits_since
    asked = QuestionMessage("", question.id, question.member_id, QuestionRole.MEMBER, first, question.text)
    shown = [asked, *messages][page * SAID_PER_PAGE : (page + 1) * SAID_PER_PAGE]
    return [f"**{name(each)}** · {stamp(each.said_at, 'f')}\n{shortened(plain(each.text), SAID_TEXT) or ERASED_WORDS}" for each in shown]


def news_text(delivery: Delivery) -> str:
    """Return what became of her question, as it is pushed to her."""
    topic = TOPICS[QuestionTopic(delivery.payload.get("topic", QuestionTopic.OTHER))].lower()
    text = shortened(plain(delivery.payload.get("text", "")), SAID_TEXT)
    match delivery.payload.get("what"):
        case "closed":
            return f"Your question ({topic}) was closed. /ask mine reopens it, and takes your rating of how it was answered."
        case "unposted":
            return (
                f"Your question ({topic}) could not be posted in the advisors' channel. {text}\n"
                "It is kept, and waits in the queue that advisors open with /advisor queue. The managers of the server find the fault with "
                "/server check. /ask mine shows your question, and withdraws it."
            )
        case "lifted":
            return (
                f"A moderator lifted your hidden name for one question ({topic}) and has seen who asked. The reason: {text}\n"
                "This is recorded with the question; /ask mine shows it."
            )
        case _:
            return f"An advisor answered your question ({topic}):\n{text}\n-# /ask mine shows all that was said."
