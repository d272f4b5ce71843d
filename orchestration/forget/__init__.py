"""Forgetting a person: out of what is landed, the archive, every version and what else is kept."""
