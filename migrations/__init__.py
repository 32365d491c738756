"""The versions of the database's form; forward only."""
