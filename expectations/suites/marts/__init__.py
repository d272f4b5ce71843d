"""What is demanded of the marts, by topic."""
