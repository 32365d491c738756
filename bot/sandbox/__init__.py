"""A Discord on loopback: the part of REST v10 and the gateway that a bot uses, and a page to play its people. Imports nothing of the bot."""
