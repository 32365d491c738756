"""A Discord on loopback: the part of REST v10 and the gateway that a bot uses, and a page to play its people.

It imports nothing of the bot.
"""
