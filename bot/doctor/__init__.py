"""What can be wrong with an installation: each check says what it found, and how to mend it."""
