"""Names and values in the SQL of the suites: quoted here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence


def identifier(name: str) -> str:
    """`name` as a quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def identifiers(names: Sequence[str]) -> str:
    """`names` as quoted identifiers, separated by a comma."""
    return ", ".join(identifier(name) for name in names)


def qualified(schema_name: str, table_name: str) -> str:
    """Schema and table as quoted identifiers."""
    return f"{identifier(schema_name)}.{identifier(table_name)}"


def literal(value: str) -> str:
    """`value` as a text literal."""
    return "'" + value.replace("'", "''") + "'"


def literals(values: Sequence[str]) -> str:
    """`values` as text literals, separated by a comma."""
    return ", ".join(literal(value) for value in values)
