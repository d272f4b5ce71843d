"""The archive of what was landed: immutable Parquet files from which the ingest file can be rebuilt, at any instant."""
