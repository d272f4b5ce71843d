"""What is demanded of landed feeds and policy tables, by topic."""
