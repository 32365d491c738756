"""Matchday: cited facts, private reminders and Match week for international medical graduates."""

__version__ = "0.1.0"
