"""The queries that the sql connector sends: what a binding reads, from where on, always in the same order."""

# ruff: noqa: S608 - names are quoted and values written by the session
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.extract.connectors.delivery import CursorState, Window
from orchestration.extract.connectors.positions import between, since
from orchestration.extract.connectors.sql_session import Field, Session
from orchestration.extract.profile_model import Binding


@dataclass(frozen=True)
class Place:
    """What a binding reads: its `relation` (SQL that may follow `from`), its columns, its primary key."""

    relation: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]

    def field(self, name: str, called: str) -> Field:
        """Return a column; LookupError, which lists those that exist, where there is none of this name."""
        for one in self.fields:
            if one.name == name:
                return one
        raise LookupError(f"there is no {called} {name}; there are {', '.join(one.name for one in self.fields)}")


def find_place(session: Session, binding: Binding) -> Place:
    """Look up the table, written as [schema.]name, or the query of `binding`; LookupError where there is no table."""
    if binding.table is None:
        # Without the word "as", which Oracle does not know here.
        relation = f"({str(binding.query).strip().rstrip(';')}\n) delivered"
        return Place(relation, session.fields(relation), ())
    schema, table = None, binding.table
    tables = session.tables(None)
    if table not in tables and "." in table:
        schema, _, table = table.rpartition(".")
        tables = session.tables(schema)
    if table not in tables:
        raise LookupError(
            f"there is no table {binding.table} that this user may see; correct `table`, "
            f"there are {', '.join(tables) or 'none'}"
        )
    relation = ".".join(session.quote(part) for part in (schema, table) if part)
    return Place(relation, session.fields(relation), session.primary_key(table, schema))


def read_rows(
    session: Session, place: Place, binding: Binding, state: CursorState | None, window: Window | None, zone: str
) -> str:
    """Write the query of all rows, of those from `state` (less the lookback) on, or of those of `window`; unordered.

    `zone` is that of naive values. LookupError where the cursor's column is missing, ValueError where its values
    cannot say when.
    """
    where = ""
    if binding.cursor:
        cursor = place.field(binding.cursor.column, "cursor column")
        name = session.quote(cursor.name)
        if window:
            start, end = between(window, session.value_type(place.relation, cursor), zone)
            where = f" where {name} >= {session.literal(start)} and {name} < {session.literal(end)}"
        elif state:
            where = f" where {name} >= {session.literal(since(state, binding.cursor.lookback_days))}"
    return f"select * from {place.relation}{where}"


def in_order(session: Session, place: Place, binding: Binding) -> str:
    """Write the order of a binding's rows: as they changed, and always the same."""
    first = [place.field(binding.cursor.column, "cursor column")] if binding.cursor else []
    by_key = [place.field(name, "key") for name in place.key]
    order = [session.sort_key(one) for one in dict.fromkeys([*first, *(by_key or place.fields)])]
    return f" order by {', '.join(order)}"


def read_keys(session: Session, place: Place, names: Sequence[str]) -> tuple[str, tuple[Field, ...]]:
    """Write the query of the columns `names` of every row; LookupError where one is missing."""
    fields = tuple(place.field(name, "column of compare_keys") for name in names)
    listed = ", ".join(session.quote(one.name) for one in fields)
    order = ", ".join(session.sort_key(one) for one in fields)
    return f"select {listed} from {place.relation} order by {order}", fields
