"""The sample company as its systems would deliver it day by day: late rows, corrected rows, tickets in the making.

What is delivered in the end are the rows of the whole company, so a warehouse that lands every day must end like one
that lands all at once.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

Record = dict[str, Any]

# Of the rows that come on a day: every so many is late, by one to five days; every so many comes wrong first.
LATE_EVERY = 11
WRONG_EVERY = 13
_LATEST_DELAY = 5
_CORRECTED_AFTER = 2

# What a ticket does not have yet on the day it is raised.
_NOT_YET = (
    "handler", "accepted_at", "first_reply_at", "started_at", "solved_at", "closed_at", "visited_at", "sla_resp",
    "sla_solve", "fee", "fail_cause", "merged_to", "delay_cause",
)  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A source table: its key, the column with its instant, and a column that is wrong at first in some rows."""

    key: tuple[str, ...]
    stamp: str
    wrong: str | None = None
    is_versioned: bool = False


CRM = {
    "site": Table(("site_code",), ""),
    "staff": Table(("staff_no",), "modified_at"),
    "product": Table(("model_no",), "modified_at"),
    "customer": Table(("cust_no",), "modified_at", "city", is_versioned=True),
    "installed_base": Table(("unit_no",), "modified_at", "prod_batch", is_versioned=True),
    "sales_line": Table(("line_no",), "modified_at", "price", is_versioned=True),
    "service_order": Table(("order_no",), "modified_at", "fault_class", is_versioned=True),
    "service_log": Table(("log_id",), "logged_at", "prio"),
    "complaint": Table(("ts_no",), "modified_at", "outcome", is_versioned=True),
    "work_visit": Table(("visit_no",), "modified_at", "fault_class", is_versioned=True),
    "part_line": Table(("pl_no",), "modified_at", "unit_cost", is_versioned=True),
    "part_stock": Table(("site_code", "part_no", "count_date"), "count_date", "on_hand"),
}
# Files of the other systems: the folder or file, and how a line tells its key and instant.
_CALL = Table(("CallUID", "LegNo"), "OfferTime", "TalkSec")
_ANSWER = Table(("aid",), "answeredAt", "score")
_INVITATION = Table(("iid",), "sentAt")
_REVIEW = Table(("id",), "publishedAt", "content")
_AUDIT = Table(("audit_no",), "audited_at", "points")


@dataclass
class Deliveries:
    """What each day brings: file name → lines, the header of a CSV first; and how many rows were late or wrong."""

    files: dict[int, dict[str, list[str]]] = field(default_factory=dict)
    late: int = 0
    wrong: int = 0
    early: int = 0

    def write(self, day: int, folder: Path) -> None:
        """Add the files of `day` (0 is the whole history before) to the drop folder."""
        for name, lines in self.files.get(day, {}).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="")


def plan_deliveries(sources: Path, as_of: datetime, days: int) -> Deliveries:
    """Spread the rows of the sample company in `sources` over `days` days up to `as_of` (naive local midnight)."""
    planned = Deliveries()
    start = as_of - timedelta(days=days)

    def day_of(stamp: str | None) -> int:
        found = re.match(r"(\d{4})[-/](\d\d)[-/](\d\d)", stamp or "")
        if not found:
            return 0
        try:
            at = datetime(*(int(part) for part in found.groups()))
        except ValueError:  # one of the sample's impossible dates
            return 0
        return min(max((at - start).days + 1, 0), days)

    with closing(sqlite3.connect(f"file:{sources / 'crm.sqlite'}?mode=ro", uri=True)) as con:
        con.row_factory = sqlite3.Row
        for name, table in CRM.items():
            rows = [dict(row) for row in con.execute(f"select * from {name} order by row_no")]
            header = [column for column in rows[0] if column != "row_no"]
            spread = _spread(planned, table, rows, day_of, days, Counter(_keys(table, rows)))
            if name == "service_order":
                spread += _in_the_making(planned, rows, day_of)
            _add(
                planned,
                f"crm/{name}",
                ".csv",
                _csv_line(header),
                ((d, _csv_line([r[c] for c in header])) for d, r in spread),
            )
    files = [path for path in sorted(sources.rglob("*")) if path.suffix in (".csv", ".ndjson")]
    dropped = [(path, path.relative_to(sources)) for path in files if path.relative_to(sources).parts[0] != "crm"]
    # A call may be delivered again in a later file: its rows keep their order over all files.
    often = Counter(
        (table, key)
        for path, relative in dropped
        if (table := _table_of(relative))
        for key in _keys(table, _read(path)[1])
    )
    for path, relative in dropped:
        _plan_file(planned, path, relative, day_of, days, often)
    return planned


def _table_of(relative: Path) -> Table | None:
    if relative.parts[0] == "surveys":
        return _ANSWER if relative.name.startswith("answers") else _INVITATION
    return {"calls": _CALL, "reviews": _REVIEW, "audits": _AUDIT}.get(relative.parts[0].split(".")[0])


def _read(path: Path) -> tuple[str | None, list[Record]]:
    """The header of a CSV and the records of its lines."""
    lines = path.read_text(encoding="utf-8").splitlines()
    header = None if path.suffix == ".ndjson" else lines.pop(0)
    names = None if header is None else next(csv.reader([header]))
    return header, [_parse(line, names) for line in lines]


def _keys(table: Table, rows: list[Record]) -> list[tuple[Any, ...]]:
    return [tuple(row.get(name) for name in table.key) for row in rows]


def _plan_file(
    planned: Deliveries,
    path: Path,
    relative: Path,
    day_of: Callable[[str | None], int],
    days: int,
    often: Mapping[tuple[Table, tuple[Any, ...]], int],
) -> None:
    table = _table_of(relative)
    if table is None:
        # A month's costs and rosters are delivered when it is over.
        month = re.search(r"(\d{4})-(\d\d)", relative.name)
        day = day_of(f"{month[1]}-{month[2]}-28") if month else 0
        planned.files.setdefault(day, {})[str(relative)] = path.read_text(encoding="utf-8").splitlines()
        return
    header, rows = _read(path)
    counts = {key: often[table, key] for key in _keys(table, rows)}
    spread = _spread(planned, table, rows, day_of, days, counts)
    write = _write_line(None if header is None else next(csv.reader([header])))
    _add(planned, str(relative.with_suffix("")), path.suffix, header, ((day, write(row)) for day, row in spread))


def _spread(
    planned: Deliveries,
    table: Table,
    rows: list[Record],
    day_of: Callable[[str | None], int],
    days: int,
    often: Mapping[tuple[Any, ...], int],
) -> list[tuple[int, Record]]:
    """Give each row its days, in the order of the rows; a key that comes twice keeps its order."""
    keys = _keys(table, rows)
    spread: list[tuple[int, Record]] = []
    for number, (key, row) in enumerate(zip(keys, rows, strict=True)):
        day = day_of(row.get(table.stamp)) if table.stamp else 0
        if day == 0 or often[key] > 1 or "" in row:
            spread.append((day, row))
            continue
        if number % LATE_EVERY == 0 and day < days:
            planned.late += 1
            day = min(day + 1 + number % _LATEST_DELAY, days)
        if table.wrong and number % WRONG_EVERY == 0 and day + _CORRECTED_AFTER <= days and row.get(table.wrong):
            planned.wrong += 1
            spread.append((day, _wrong(table, row)))
            day += _CORRECTED_AFTER
        spread.append((day, row))
    return spread


def _wrong(table: Table, row: Record) -> Record:
    assert table.wrong
    value = row[table.wrong]
    number = str(value).replace(".", "", 1).isdigit()
    wrong = row | {table.wrong: (1 if isinstance(value, int) else "1") if number else value}
    if not number and table.wrong not in ("prio", "fault_class"):
        wrong[table.wrong] = f"{value}?"
    if table.is_versioned:
        at = datetime.fromisoformat(row[table.stamp]) - timedelta(seconds=1)
        wrong[table.stamp] = f"{at:%Y-%m-%d %H:%M:%S}"
    return wrong


def _in_the_making(
    planned: Deliveries, rows: list[Record], day_of: Callable[[str | None], int]
) -> list[tuple[int, Record]]:
    """A ticket that changed after the day it was raised was first delivered as it stood then."""
    early = []
    for row in rows:
        raised = day_of(row["opened_at"])
        if 0 < raised < day_of(row["modified_at"]):
            new = {"state": "待受理", "rev": 1, "reopen_times": 0, "reply_times": 0, "modified_at": row["opened_at"]}
            early.append((raised, row | dict.fromkeys(_NOT_YET) | new))
    planned.early += len(early)
    return early


def _add(planned: Deliveries, stem: str, suffix: str, header: str | None, lines: Iterable[tuple[int, str]]) -> None:
    for day, line in lines:
        file = planned.files.setdefault(day, {}).setdefault(f"{stem}_d{day:02d}{suffix}", [header] if header else [])
        file.append(line)


def _parse(line: str, names: list[str] | None) -> Record:
    """A line as a record; one that is broken keeps its text under an empty name."""
    if names is None:
        try:
            return dict(json.loads(line))
        except ValueError:
            return {"": line}
    values = next(csv.reader([line]))
    return dict(zip(names, values, strict=True)) if len(values) == len(names) else {"": line}


def _write_line(names: list[str] | None) -> Callable[[Mapping[str, Any]], str]:
    def write(row: Mapping[str, Any]) -> str:
        if "" in row:
            return str(row[""])
        if names is None:
            return json.dumps(row, ensure_ascii=False, separators=(",", ":"))
        return _csv_line([row[name] for name in names])

    return write


def _csv_line(values: list[Any]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(values)
    return text.getvalue()
