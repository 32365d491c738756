"""One file per version; none imports anything of the bot, so that an old version never changes with new code."""
