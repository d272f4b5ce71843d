"""The feed contract, read from dbt's sources file: what may be delivered, with its types, keys and demands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

# Ten times faster where the wheel has the C library; nothing else differs.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

CONTRACT_FILE = Path(__file__).parents[2] / "dbt_project" / "models" / "staging" / "_raw__sources.yml"


@dataclass(frozen=True)
class Column:
    """One column of a feed. `type` is a DuckDB type in lower case; instants are UTC timestamps.

    `format` is what a text must look like: clock, a time of the day from 00:00 to 24:00.
    """

    name: str
    type: str
    description: str
    required: bool = False
    identifier: bool = False
    allowed_values: tuple[str, ...] = ()
    unit: str | None = None
    format: str | None = None
    pii: str | None = None
    references: str | None = None


@dataclass(frozen=True)
class Feed:
    """One table of the contract: `schema` is raw for feeds of the company, policy for policy tables.

    `adds_to_shipped`: a company's own file does not replace the policy table that ships, its rows are added and win.
    `ships_empty`: the policy table has no rows unless the company names a file of its own.
    """

    name: str
    schema: str
    description: str
    key: tuple[str, ...]
    version: tuple[str, ...]
    columns: tuple[Column, ...]
    adds_to_shipped: bool = False
    ships_empty: bool = False

    def column(self, name: str) -> Column:
        """Return the column called `name`; KeyError if the feed has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"feed {self.name} has no column {name!r}; it has {', '.join(c.name for c in self.columns)}")


def read_contract(path: Path = CONTRACT_FILE) -> dict[str, Feed]:
    """Read every feed and policy table of the contract, in the order of the file."""
    return dict(_read(path))


@cache
def _read(path: Path) -> dict[str, Feed]:
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader, either way
    feeds = [_feed(source["schema"], table) for source in document["sources"] for table in source["tables"]]
    return {feed.name: feed for feed in feeds}


def _feed(schema: str, table: dict[str, Any]) -> Feed:
    meta = table["config"]["meta"]
    return Feed(
        name=table["name"],
        schema=schema,
        description=table["description"],
        key=tuple(meta["key"]),
        version=tuple(meta.get("version", ())),
        columns=tuple(_column(column) for column in table["columns"]),
        adds_to_shipped=meta.get("adds_to_shipped", False),
        ships_empty=meta.get("ships_empty", False),
    )


def _column(column: dict[str, Any]) -> Column:
    meta = column.get("config", {}).get("meta", {})
    return Column(
        name=column["name"],
        type=column["data_type"],
        description=column["description"],
        required=meta.get("required", False),
        identifier=meta.get("identifier", False),
        allowed_values=tuple(meta.get("allowed_values", ())),
        unit=meta.get("unit"),
        format=meta.get("format"),
        pii=meta.get("pii"),
        references=meta.get("references"),
    )
