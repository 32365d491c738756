"""What the bot serves over HTTP: private calendar feeds, and whether it is well."""
