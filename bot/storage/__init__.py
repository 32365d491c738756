"""Everything that is kept: tables, the database, encryption and the repositories; all SQL lives here."""
