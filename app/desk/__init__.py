"""The SQL desk: a visitor's own statement on the published version, each in a process of its own with limits."""
