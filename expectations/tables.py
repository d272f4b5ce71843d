"""What is known of a table before it is looked at: its columns, key and demands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ColumnSpec:
    """One column. `type` is a DuckDB type as DuckDB writes it, in any case; where it is not `required` it may be empty,
    in a key too; `references` names the table of the same run whose key the column holds; values in columns of a `pii`
    class are masked in example rows."""

    name: str
    type: str
    required: bool
    allowed_values: tuple[str, ...]
    pii: str | None
    references: str | None
    unit: str | None


@dataclass(frozen=True)
class TableSpec:
    """One table. Where it is not connected, it must be there and empty; else it must have `minimum_rows` or more.

    is_key_judged: whether its gate looks for keys that come twice.
    """

    schema_name: str
    table_name: str
    key: tuple[str, ...]
    columns: tuple[ColumnSpec, ...]
    is_connected: bool
    minimum_rows: int = 1
    is_key_judged: bool = True

    @property
    def name(self) -> str:
        """Schema and table, as people write it."""
        return f"{self.schema_name}.{self.table_name}"
