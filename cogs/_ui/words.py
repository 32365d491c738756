"""What a member told about herself, in the words that every card uses."""

from bot.domain.member import Country, DirectMessages, Member
from bot.domain.preferences import MessageKind

COUNTRY_NAMES = {Country.UNITED_STATES: "United States", Country.CANADA: "Canada"}
SHORT_NAMES = {Country.UNITED_STATES: "US", Country.CANADA: "Canada"}
NOT_SET = "not set"

MESSAGES = {
    DirectMessages.ON: "on",
    DirectMessages.OFF: "off; reminders wait in /remind inbox",
    DirectMessages.CLOSED: "agreed, but Discord refuses them; reminders wait in /remind inbox",
}

KIND_WORDS = {
    MessageKind.SEASON_DATES: "reminders of dates",
    MessageKind.LETTERS: "steps of letters",
    MessageKind.OWN: "reminders of your own",
    MessageKind.RULES: "changes of rules",
    MessageKind.ANSWERS: "answers to your questions",
    MessageKind.SLOTS: "slots with advisors",
    MessageKind.SERVER_NOTICES: "notices of servers",
}
"""What each kind of message is called, where several are named."""


def countries_in_words(member: Member) -> str:
    """Return where she applies, the United States first."""
    return " and ".join(COUNTRY_NAMES[country] for country in Country if country in member.countries) or NOT_SET


def year_in_words(member: Member) -> str:
    """Return the Match that she aims at."""
    return f"the {member.target_year} Match" if member.target_year else NOT_SET


def messages_in_words(member: Member) -> str:
    """Return whether direct messages may be sent to her, and whether they arrive."""
    return MESSAGES[member.direct_messages]
