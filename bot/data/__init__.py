"""The curated facts with their sources: files only, read by ``bot.catalogue``."""
