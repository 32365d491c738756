"""The topics of ``/help``, in words."""

from enum import StrEnum

from cogs.help._situations import SITUATIONS
from cogs.mydata._words import HOW_LONG, NOT_STORED, STORED, WHERE


class Topic(StrEnum):
    """What help is given on; the value is what ``topic:`` sends."""

    FIRST = "first"
    QUESTION = "question"
    DATE = "date"
    REMINDER = "reminder"
    ELIGIBILITY = "eligibility"
    SPECIALTY = "specialty"
    LETTERS = "letters"
    PROGRAMS = "programs"
    INTERVIEWS = "interviews"
    JOURNEY = "journey"
    RANKING = "ranking"
    UNMATCHED = "unmatched"
    REAPPLYING = "reapplying"
    FAILED = "failed"
    CARIBBEAN = "caribbean"
    CANADIAN = "canadian"
    COUPLE = "couple"
    ASK = "ask"
    CALENDAR = "calendar"
    MISSING = "missing"
    STAFF = "staff"
    DATA = "data"
    ABOUT = "about"
    PRIVACY = "privacy"


TITLES = {
    Topic.FIRST: "First time here",
    Topic.QUESTION: "I have a question",
    Topic.DATE: "I look for a date",
    Topic.REMINDER: "I want to be reminded",
    Topic.ELIGIBILITY: "Which rules concern me",
    Topic.SPECIALTY: "I choose a specialty",
    Topic.LETTERS: "Letters of recommendation",
    Topic.PROGRAMS: "Where I apply",
    Topic.INTERVIEWS: "I have an interview",
    Topic.JOURNEY: "My whole way, step by step",
    Topic.RANKING: "My rank order list and Match Week",
    **{Topic(key): each.title for key, each in SITUATIONS.items()},
    Topic.ASK: "I want to ask a person",
    Topic.CALENDAR: "The dates in my own calendar",
    Topic.MISSING: "Messages do not arrive",
    Topic.STAFF: "I moderate a server",
    Topic.DATA: "What is stored of me",
    Topic.ABOUT: "About this bot and its facts",
    Topic.PRIVACY: "Privacy",
}

TEXTS = {
    **{Topic(key): each.text for key, each in SITUATIONS.items()},
    Topic.FIRST: (
        (
            "/start asks four short questions: your time zone, where you apply, the Match that you aim at, and whether I may send you "
            "direct messages. After that every date is shown on your clock and for your year."
        ),
        "You can skip it: /countdown and /calendar show work at once, for the season that contains today.",
    ),
    Topic.QUESTION: (
        (
            "- /faq question: in your own words; the answer with its sources, its date and how sure it is, and the dates of your season\n"
            "- /faq: every topic, to look through"
        ),
        "Where nothing fits, it says so and names whom to ask. What you type is not stored.",
    ),
    Topic.DATE: (
        (
            "- /countdown: the next dates of your season, with the days left\n"
            "- /countdown event: one date in full; type it as you call it, for example rank list or SOAP\n"
            "- /calendar show: the whole season; what has passed, what is next, what is not known"
        ),
        "Every date says how sure it is and where it was read. A date that is not announced says where to confirm it.",
    ),
    Topic.REMINDER: (
        (
            "- Ahead of a date: /countdown event, then **Remind me** and how long before\n"
            "- Of your own: /remind me, with a time in common words: tomorrow 9:00, every Monday 8:00, 3 days before rank list deadline\n"
            "- Of a message: its menu, Apps, Remind me about this\n"
            "- /remind list: what is set; change, cancel or pause it\n"
            "- /remind settings: which messages you want, quiet hours, usual times before a date, nudges"
        ),
        (
            "A reminder comes by direct message, with buttons for done, for later and for no more of its kind. When a date moves, its "
            "reminders move along and you are told. While direct messages are off or closed, what is due waits in /remind inbox."
        ),
    ),
    Topic.ELIGIBILITY: (
        (
            "- /eligibility check: a short form, then rule by rule: met, not met, unknown, or for the program to decide, each with its "
            "reason and what to do next; and a dated plan of what is missing\n"
            "- /eligibility explain: one rule in full, with what common guides get wrong\n"
            "- /eligibility saved: what you saved; change it, check it again, be told of changes, erase it"
        ),
        "Whatever you don't know stays unknown. Nothing is stored unless you press Save. It is no legal advice and no prediction.",
    ),
    Topic.SPECIALTY: (
        (
            "- /specialty show: places and who fills them, outcomes, application service, signals, letters; type it as you call it, for "
            "example IM, peds or ob/gyn\n"
            "- /specialty compare: up to four beside each other\n"
            "- /specialty list: all of them, sorted as you choose\n"
            "- /specialty figures: match rates, rank lists, states, surveys, applications"
        ),
        (
            "Each figure has its year, its source and how sure it is. Some are of non-US IMGs only: the card asks which you are, and "
            "stores nothing. No figure says what will become of one application."
        ),
    ),
    Topic.LETTERS: (
        (
            "- /letters board: each letter from planned to assigned, with what comes next\n"
            "- /letters plan: the mix that guides advise for your specialty, against yours\n"
            "- /letters followups: when to write to a writer again, with reminders\n"
            "- /letters packet, draft: what to give a writer, and how to ask, to follow up and to thank\n"
            "- /letters rotations: where you work or observe, and who could write"
        ),
        "What guides advise is called advice, with its source. The Letter ID of ERAS is never stored, and no letter is written for you.",
    ),
    Topic.INTERVIEWS: (
        (
            "- /interviews list: yours on two clocks; what is too close, what to prepare, reminders, a calendar file, what comes after\n"
            "- /interviews add: one at a program of yours or a new one, its time typed on the program's clock\n"
            "- /interviews practice: questions against the clock, then what was asked, how to build an answer, and your own check; "
            "what was weak comes again\n"
            "- There too: every question to read, invented answers with notes, what programs may not ask, and how to invite a partner\n"
            "- /interviews heard, where a server has the board: programs that invited its members; report one, or take your report back"
        ),
        "Answers are spoken and never recorded. Your marks and notes are yours alone. Nothing in it says how an interview will go.",
        (
            "A program is shown on the board once three different members have reported it, with the number and the days; who did is "
            "shown to nobody. Members tell it, and nobody checks it."
        ),
    ),
    Topic.PROGRAMS: (
        (
            "- /programs list: your programs, sorted and filtered; each with what it asks for, where you read it, stage, signal, letters\n"
            "- /programs add: one by hand; a name is enough, the rest when you know it\n"
            "- /programs import: many from a CSV file; each row is checked, what can't be read comes back to mend\n"
            "- /programs fit: what you told beside what each asks for, rule by rule; no score\n"
            "- /programs cost: what applying costs, and what more programs would cost"
        ),
        (
            "No directory comes with Matchday: FREIDA, Residency Explorer and each program's own page have what programs ask for. A server "
            "may list programs to copy from. What you note is yours alone, and your last change can be taken back."
        ),
    ),
    Topic.JOURNEY: (
        (
            "- /journey week: what waits for you, what is due, the next steps, each with its command\n"
            "- /journey steps: the whole way in order, how far each part is, as a picture; arrival and reapplying beside it\n"
            "- /journey exams: planned, taken, results, how long they count, a plan of study; taken over into your saved answers\n"
            "- /journey documents: statement, experiences, papers, and what to look at before you certify\n"
            "- /journey visa: who needs which, papers in order, the two-year rule, honest answers"
        ),
        "What you told elsewhere is read from there and not asked again. Each step has its source, or says that it is advice.",
    ),
    Topic.RANKING: (
        (
            "- /ranklist board: your programs in your order, first-year lists of advanced places, what you look at, and whether it is "
            "certified, as you note it\n"
            "- /ranklist check: interviews, visa, first year, couple, ECFMG, deadline, codes and fee, before you certify in R3\n"
            "- /ranklist explain: the matching algorithm line by line, on your list or on a worked example\n"
            "- /matchweek now: the week hour by hour on two clocks, and what to do now\n"
            "- /matchweek status: your result, for you alone, and which steps follow\n"
            "- /matchweek soap: may you take part, what is allowed, 45 applications counted, rounds of offers with reminders"
        ),
        "The order is yours: nothing reorders it, nothing is forecast, no number of ranks is recommended. Rank only where you would go.",
    ),
    Topic.ASK: (
        (
            "- /ask new, in a server: a question to its advisors; you see it first as they will; your name is shown or hidden\n"
            "- /ask mine: what was answered; reply, close, reopen, rate, or withdraw it at once\n"
            "- /ask slots, in a server: its advisors' office hours and mock interviews; book, give back, take into your calendar"
        ),
        (
            "Only your words and the single facts that you tick are shared; never your answers or trackers. An answer comes by direct "
            "message, or waits in /remind inbox. Advisors are people of your server: confirm what counts with its owner."
        ),
    ),
    Topic.CALENDAR: (
        (
            "- /calendar export: the season as a file, with alarms\n"
            "- /calendar feed: a private address that your calendar reads by itself, where this bot has a public address"
        ),
        "Each entry says how sure its date is. A date that moves keeps its entry: your calendar moves it instead of adding another.",
    ),
    Topic.MISSING: (
        "**Read what waited:** /remind inbox. What could not be sent is kept there.",
        "**Look at the settings:** /remind settings says whether messages are on, off, or refused by Discord.",
        (
            "**Open direct messages:** in the menu of a server that we share, Privacy Settings, Direct Messages; or in User Settings, "
            "Content & Social. Then press the button below: a first message shows whether they arrive."
        ),
    ),
    Topic.STAFF: (
        (
            "- /server setup: channels, roles, clock, what members may use, a Start-here message; all optional, changed at any time\n"
            "- /broadcast new: a notice to channels and to members who want it; seen as it will be, at once or at a time, sent once\n"
            "- /broadcast matchweek: the notices of the week with this season's times, to read, edit and plan\n"
            "- /broadcast status: how notices fare; approve, pause, stop, recall\n"
            "- /server calendar: confirm or correct a date that is not announced, for this server; its cards and reminders follow\n"
            "- /server events: Match Day and other dates as scheduled events of this server, which follow when a date moves\n"
            "- /server faq: pin answers of /faq, and write answers of your server; the guard reads them first\n"
            "- /server programs: a list of programs that members of this server copy from\n"
            "- /server mock-match: a game with a reveal, on invented programs: how the algorithm works; moderators reveal and stop it\n"
            "- /server check: what is wrong and how to mend it; /server audit: who changed or sent what\n"
            "- /server countdown: the next dates in a channel, renewed once a day\n"
            "- /advisor queue, stats: questions of this server's members, for its advisors; what waits, and how long\n"
            "- /advisor slots: offer office hours and mock interviews; who booked yours, move, cancel"
        ),
        (
            "Managers are those with Manage Server. To let moderators use /broadcast, choose their role in /server setup, and allow it "
            "under Server Settings, Integrations, Matchday."
        ),
    ),
    Topic.DATA: (
        (
            "- /mydata show: what is stored of you, where, and how long\n"
            "- /mydata export: all of it, as a file\n"
            "- /mydata summary: where you stand by what you told, on one page; no score\n"
            "- /mydata erase: all of it gone; asks first"
        ),
    ),
    Topic.PRIVACY: (
        f"**What is stored:** {STORED}",
        f"**What is not:** {NOT_STORED}",
        f"**Where:** {WHERE}",
        f"**How long:** {HOW_LONG}",
        (
            "**Who sees it:** my replies to you are visible to you alone, unless you press Share here, which posts a date and nothing of "
            "yours. Reminders come by direct message, and only after you agreed."
        ),
    ),
}
OVERVIEW = "What brings you here? Choose below."
PURPOSE = (
    "Matchday helps international medical graduates on the way to a residency: eligibility rule by rule, published figures of specialties, "
    "letters, the dates of the Match, and reminders in time."
)
CERTAINTIES = (
    "**How sure a fact is:** announced means read on a page of its owner; expected, read elsewhere, schools included; "
    "estimated, computed by a stated rule; not known is said as such, with where to look."
)
NO_ADVICE = (
    "**What it is not:** it gives no legal, immigration or medical advice, and it belongs to no organization that runs a Match. "
    "What counts is the owner's page: confirm there before you act."
)
REPORT = (
    "**Something is wrong?** Tell a moderator of your server, or whoever runs this bot: what you did, what you saw, and the code if "
    "the reply showed one. For a wrong date, add a link to the page that has the right one."
)
FIRST = {
    Topic.FIRST: "/start",
    Topic.QUESTION: "/faq",
    Topic.DATE: "/countdown, /calendar show",
    Topic.ELIGIBILITY: "/eligibility check, explain, saved",
    Topic.SPECIALTY: "/specialty show, compare, list, figures",
    Topic.LETTERS: "/letters board, plan, followups, packet, draft, rotations",
    Topic.PROGRAMS: "/programs list, add, import, fit, cost",
    Topic.INTERVIEWS: "/interviews list, add, practice, heard",
    Topic.JOURNEY: "/journey week, steps, exams, documents, visa",
    Topic.RANKING: "/ranklist board, check, explain; /matchweek now, status, soap",
    **{Topic(key): each.first for key, each in SITUATIONS.items()},
    Topic.ASK: "/ask new, mine, slots",
    Topic.CALENDAR: "/calendar export, feed",
    Topic.REMINDER: "/remind me, /remind list",
    Topic.MISSING: "/remind inbox, /remind settings",
    Topic.STAFF: "/server setup, check, calendar, events, programs, faq, mock-match, audit, countdown; /broadcast new, matchweek, status",
    Topic.DATA: "/mydata show, export, summary, erase",
}
"""What answers each topic first, in the order of the overview."""
