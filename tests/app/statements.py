"""Every SQL statement of the report by its module and name, for tests that ask something of each."""

from __future__ import annotations

from app import queries

STATEMENTS: dict[str, str] = {
    f"{module}.{name}": sql
    for module in queries.__all__
    for name, sql in vars(getattr(queries, module)).items()
    if name.isupper() and isinstance(sql, str)
}
