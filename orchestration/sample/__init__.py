"""The sample company: writes source files with a known truth."""
