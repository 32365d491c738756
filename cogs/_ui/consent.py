"""Direct messages: asked for once, in one wording, wherever they are needed."""

from bot.domain.member import DirectMessages, Member
from cogs._ui.actions import Action, Interaction
from cogs._ui.cards import Card, Meaning, card, send_card

OFF_LINE = "Direct messages are off, so it would wait in /remind inbox. Allow them and it comes to you."
CLOSED_LINE = "Discord refuses my direct messages to you, so it would wait in /remind inbox. Open them and try again."
HOW_TO_OPEN = (
    "Discord did not let my message through. To open direct messages:\n"
    "- **For one server:** open the menu of a server that we share (its name at the top), then **Privacy Settings**, "
    "and switch **Direct Messages** on.\n"
    "- **For all of them:** User Settings, **Content & Social** (in older versions **Privacy & Safety**), "
    "and allow direct messages from server members.\n"
    "Then come back and press **Try again**."
)


class AllowMessages(Action, prefix="messages:allow"):
    """Agree to direct messages; a first one proves that they arrive."""

    async def act(self, interaction: Interaction) -> None:
        """Record the consent, send the first message, and say whether it arrived."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        members = interaction.client.services.members
        member = await members.get(interaction.user.id)
        if member.direct_messages is not DirectMessages.ON:  # a second press sends no second greeting
            member = await members.agree_to_messages(interaction.user.id)
        await send_card(interaction, consent_result_card(member))


def consent_result_card(member: Member) -> Card:
    """Return what came of the consent."""
    if member.direct_messages is DirectMessages.CLOSED:
        return card(
            "Direct messages are closed",
            HOW_TO_OPEN,
            meaning=Meaning.ATTENTION,
            rows=[[AllowMessages(label="Try again")]],
            quiet="Until then your reminders wait in /remind inbox; nothing is lost.",
        )
    return card(
        "Direct messages are on",
        "A first message is on its way to you. If you see it, reminders will reach you too.",
        meaning=Meaning.DONE,
        quiet="/remind settings switches them off at any time.",
    )


def delivery_line(member: Member) -> tuple[str, list[Action]]:
    """Return how a reminder will reach a member, and the button that mends it where it would not."""
    match member.direct_messages:
        case DirectMessages.ON:
            return "It comes by direct message.", []
        case DirectMessages.OFF:
            return OFF_LINE, [AllowMessages(label="Allow direct messages")]
        case DirectMessages.CLOSED:
            return CLOSED_LINE, [AllowMessages(label="Try again")]
