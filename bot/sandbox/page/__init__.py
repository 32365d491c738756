"""The page of the sandbox: static files, served as they are."""
