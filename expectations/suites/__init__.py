"""The suites: what is demanded of which table."""
