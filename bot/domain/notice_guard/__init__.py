"""The guard that reads a moderator's draft before it is sent: it warns, and clears nothing."""
