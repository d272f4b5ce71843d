"""Alerts: what happened that somebody should know, in plain words, by e-mail or webhook, each once."""
