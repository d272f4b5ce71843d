"""Where dbt looks for an adapter's version."""

version = "1.11.0"
