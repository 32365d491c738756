"""The wording of ``/start``."""

WELCOME = (
    "Four short questions, so that every date is shown on your clock and for your year. "
    "Each answer is kept as you give it, and you can change it at any time. Only you see this."
)
REGION = "**Your time zone.** Where do you live now? Choose the region, then the zone."
REGION_HINT = "You can also type it: /start zone: and a large city near you."
ZONES = "Choose the place whose clock shows the same time as yours. The largest cities come first."
ZONES_HINT = "Is your city missing? Any place of your country with the same time will do."
COUNTRIES = "Where do you apply for a residency?"
YEAR = "Which Match do you aim at? Its year is that of the Match Day, in March."
NO_YEAR = "I hold no dates of a coming Match yet. You can go on without."
MESSAGES = (
    "May I send you direct messages?\n"
    "- **What comes:** one message now, which shows whether they arrive; then the reminders that you set, when you set them.\n"
    "- **What never comes:** news, advertising, or anything that you did not ask for.\n"
    "- **How to stop:** press Stop under the first message, or use /remind settings, at any time."
)
NOTHING_SENT = "Nothing has been sent to you so far."
NOTHING_NOW = "They are off now: nothing is sent."
WITHOUT = "Without them, your reminders wait for you in /remind inbox."
MESSAGES_ON = (
    "Direct messages are on. The reminders that you set come to you, and nothing else.\n"
    "Switch them off here, or with /remind settings, at any time."
)
CLOSED_HINT = "Until they are open your reminders wait in /remind inbox; nothing is lost."
COMMANDS = (
    "**From here**\n"
    "- /countdown: the next dates, and reminders ahead of them\n"
    "- /remind me: a reminder of your own\n"
    "- /calendar show: the whole season\n"
    "- /help: everything else"
)
MESSAGES_OUTCOME = {
    "on": "Direct messages are on. A first message is on its way to you.",
    "off": "Direct messages are off. Reminders wait for you in /remind inbox.",
    "closed": "Discord refuses my direct messages to you. Reminders wait for you in /remind inbox.",
}
NO_DATE = "No date of your season that I hold lies ahead."
CHANGE_HINT = "/start shows these settings again; /mydata show lists what is stored, and /mydata erase erases it."
DATA_HINT = "/mydata show lists what is stored, and /mydata erase erases it."
