"""What the models ask of Python because SQL cannot do it well: plain functions of tables.

dbt's Python models import them; they know neither dbt nor Dagster nor files.
"""
