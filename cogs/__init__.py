"""The Discord face: one file or package per feature."""
