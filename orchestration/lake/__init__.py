"""A DuckLake as the place where a build is made, and from which many machines read: docs/lake.md."""
