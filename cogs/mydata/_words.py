"""What ``/mydata`` says: what is stored, where, how long, and what erasing means."""

from collections.abc import Mapping

STORED = (
    "Your Discord id, the id of our conversation, and what you told me: time zone, where you apply, target year, whether I may send you "
    "messages and since when; the reminders that you set, each with the server where you did; the messages that were due for you, and "
    "what became of each; eligibility answers, if you pressed Save; letters, rotations, programs and rank order lists that you noted; "
    "interviews, what you said of your Match Week, and what you marked of your way, exams among it; "
    "rounds of interview practice; your calendar feed, if you made one; interview invitations that you reported to a server; your lists in "
    "mock matches; the "
    "questions that you asked advisors, and what you answered as one; slots that you booked or offer; the notices and the answers of "
    "/faq that you wrote for a server, and the mock matches that you began there."
)
NOT_STORED = "I don't read or keep what is written in servers, nor your name, Letter IDs or your documents."
WHERE = (
    "In the database of whoever runs this bot. Your zone, your countries, your answers and all that you wrote are encrypted there, "
    "with a key that lies outside the database. Ids, states, dates and your target year are not, so that a reminder can be found "
    "when it is due."
)
HOW_LONG = (
    "Until you erase it, or 12 months past your season (it ends on 30 June of your target year; without one, 12 months after the last "
    "thing that you did here). Then a notice comes, with one tap to keep it for 12 months more. Without that all of it is erased, 30 days "
    "after the notice reached you, or 90 days after it came to an inbox that you did not open. Lists in mock matches go by themselves. "
    "Leaving a server erases nothing. Nothing is passed on but the questions that you send, and your reports of invitations as one of a "
    "number. Backups may hold a copy until they are replaced."
)
NOTHING = "Nothing is stored of you."
ERASE_GOES = (
    "What goes, at once and for good: your settings, your consent to messages, every reminder, your answers, letters, rotations, "
    "programs, interviews and rank order lists, what you said of your Match Week and marked of your way, your rounds of interview "
    "practice, your calendar feed, your reports of interview invitations, your lists in mock matches, your questions to "
    "advisors, which are taken out of their channel too, your places in slots and the slots that you offer, of which the other side is "
    "told without your name, and all that waits to be sent or waits in your inbox. Nothing that was pending will be sent."
)
ERASE_STAYS = (
    "What stays: messages that you have already received, in your conversation with me; you can delete those in Discord. "
    "Notices and answers that you wrote for a server stay there, without your name, and so do answers that advisors gave you."
)
ERASED = "All that was stored of you is erased, and nothing will be sent to you."
ERASED_HINT = "/start begins anew, if you ever wish to."
KEPT = "Nothing was erased."

COUNTED = {
    "reminders": ("reminder", "reminders"),
    "messages": ("message", "messages"),
    "eligibility": ("set of eligibility answers", "sets of eligibility answers"),
    "letter_plan": ("letter plan", "letter plans"),
    "letters": ("letter", "letters"),
    "letter_steps": ("step of a letter", "steps of letters"),
    "letter_assignments": ("assignment of a letter", "assignments of letters"),
    "rotations": ("rotation", "rotations"),
    "practice": ("round of practice", "rounds of practice"),
    "programs": ("program", "programs"),
    "rank_lists": ("rank order list", "rank order lists"),
    "interviews": ("interview", "interviews"),
    "journey": ("list of steps that you marked", "lists of steps that you marked"),
    "match_weeks": ("Match Week", "Match Weeks"),
    "calendar_feed": ("calendar feed", "calendar feeds"),
    "interview_reports": ("report of an interview invitation", "reports of interview invitations"),
    "mock_match_lists": ("list in a mock match", "lists in mock matches"),
    "questions": ("question to advisors", "questions to advisors"),
    "question_claims": ("question that you took on", "questions that you took on"),
    "question_messages": ("message about a question", "messages about questions"),
    "slot_bookings": ("booking of a slot", "bookings of slots"),
    "slots": ("slot that you offer", "slots that you offer"),
    "slot_drafts": ("offer not yet made", "offers not yet made"),
    "broadcasts": ("notice", "notices"),
    "server_answers": ("answer kept for a server", "answers kept for a server"),
    "mock_matches": ("mock match that you began", "mock matches that you began"),
    "server_dates": ("date confirmed for a server", "dates confirmed for a server"),
}
"""What is counted, in the order in which it is said: one, several."""


def counts_in_words(counts: Mapping[str, int]) -> str:
    """Return what there is of each kind: ``your settings, 3 reminders and 1 message``."""
    names = [*(name for name in COUNTED if name in counts), *(name for name in counts if name not in COUNTED and name != "settings")]
    parts = ["your settings"] if counts.get("settings") else []
    parts += [_counted(name, counts[name]) for name in names if counts[name]]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts) or "nothing"


def _counted(name: str, count: int) -> str:
    one, several = COUNTED.get(name, (name, name))
    return f"{count:,} {one if count == 1 else several}"
