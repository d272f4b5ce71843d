"""Text that becomes part of SQL: the one place where identifiers and literals are quoted."""

from __future__ import annotations

from collections.abc import Iterable


def quote(identifier: str) -> str:
    """Quote `identifier` for DuckDB."""
    return '"' + identifier.replace('"', '""') + '"'


def quote_all(identifiers: Iterable[str], prefix: str = "") -> str:
    """Quote `identifiers` and join them with commas, each behind `prefix` (a table alias with its dot)."""
    return ", ".join(prefix + quote(identifier) for identifier in identifiers)


def literal(text: str) -> str:
    """Write `text` as a SQL string."""
    return "'" + text.replace("'", "''") + "'"


def literals(texts: Iterable[str]) -> str:
    """Write `texts` as SQL strings, joined with commas."""
    return ", ".join(literal(text) for text in texts)


def fold(text: str) -> str:
    """Fold upper and lower case as DuckDB does when it compares identifiers."""
    return text.lower()
