"""What members may use in a server: its name, what it does, and what to do instead where the server has switched it off."""

from dataclasses import dataclass

from bot.domain.servers import Feature, ServerSettings
from bot.errors import UserFacingError
from cogs._ui.actions import Interaction


@dataclass(frozen=True, slots=True)
class FeatureWords:
    """Hold the words for one feature."""

    name: str
    does: str
    """One sentence, for managers."""
    instead: str
    """What a member does where it is off."""


WORDS = {
    Feature.QUESTIONS: FeatureWords(
        "Questions to advisors",
        "Members ask your advisors with /ask new; off, nothing new is asked, and what was asked before goes on.",
        "Ask in one of its channels, or look in /faq. What you asked here before stands in /ask mine.",
    ),
    Feature.SHARING: FeatureWords(
        "Share here",
        "Members post a date, a rule, an answer or a figure for everybody in the channel; off, each looks it up alone.",
        "Tell the others the name of the command: it shows them the same.",
    ),
    Feature.NOTICES_TO_MEMBERS: FeatureWords(
        "Notices by direct message",
        "Members get your notices by direct message if they want them; off, notices stand in channels only.",
        "Its notices stand in its channels.",
    ),
    Feature.INTERVIEW_BOARD: FeatureWords(
        "The board of interview invitations",
        "Members report that they heard of an interview; a program is shown once three of them have, never who.",
        "Nothing of the board is shown. What you reported is yours: /interviews heard in our conversation takes it back.",
    ),
}


def features_in_words(settings: ServerSettings) -> str:
    """Return what members may use, and what is switched off, by name."""
    on = [WORDS[feature].name for feature in Feature if feature in settings.features]
    off = [WORDS[feature].name for feature in Feature if feature not in settings.features]
    return "; ".join([", ".join(on) or "none of these", *([f"off: {', '.join(off)}"] if off else [])])


def switched_off(feature: Feature) -> UserFacingError:
    """Return what a member is told who asks for what her server has switched off."""
    words = WORDS[feature]
    return UserFacingError(f"This server has switched this off: {words.name}.", words.instead)


async def require_feature(interaction: Interaction, feature: Feature) -> None:
    """Raise UserFacingError where the server of the click has switched a feature off; not in direct messages, nor where the bot is not."""
    if interaction.guild_id is None or interaction.client.get_guild(interaction.guild_id) is None:
        return
    settings: ServerSettings = await interaction.client.services.servers.get(interaction.guild_id)
    if feature not in settings.features:
        raise switched_off(feature)
