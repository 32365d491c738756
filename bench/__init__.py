"""Measurements against a bare discord.py client; not shipped, and nothing here asserts."""
