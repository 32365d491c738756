"""The fault suite of delivery: every way in which sending goes wrong, counted from the sandbox's own record.

``python -m tests.faults`` runs it whole and prints a table; a size that fits runs with the other tests.
"""
