"""The verbs of the command line: one module each, which says what it takes and does it; the bot that runs needs none of them."""
