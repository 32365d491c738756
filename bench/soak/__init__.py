"""A day of the season in minutes, with faults: what was promised, and whether it was kept; asserts nothing."""
