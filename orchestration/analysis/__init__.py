"""Statistics that SQL cannot do well: plain Python on rows that a model hands over, without Dagster, dbt or DuckDB."""
