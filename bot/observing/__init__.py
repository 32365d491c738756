"""What those who run the bot can see of it: logs, metrics, reports of failures; never what a person wrote.

What every start imports (``interactions``, ``observer``, ``logs``) is small; the rest is imported where it is switched on.
"""
