"""The models on Spark: what goes there, what comes back, and DuckDB's SQL in Spark's words. Spark itself is in an
environment of its own, with the dbt adapter of dbt_project/spark_adapter/."""
