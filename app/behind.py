"""From a number to its rows: the items behind a KPI in a scope, and the SQL that says the same in DuckDB.

The statements here are text to be read and pasted elsewhere; none of them is run by the report.
"""

# ruff: noqa: S608 - the statements are shown, not run; what is put in is written as literals of SQL
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from app import formats, queries
from app.door import Answerable
from app.scope import ALL, Scope

# Rows that a page shows and a file of it holds; the count told is of all.
MOST_ROWS: Final = 1000
# The columns that rows are narrowed by, as Scope.members has them.
_MEMBERS: Final = ("site_id", "product_family", "region", "channel", "priority")
STATES: Final = ("counted", "immature", "censored", "excluded")


@dataclass(frozen=True)
class Subject:
    """A kind of subject behind a KPI, and where its rows are published; empty strings where they are not."""

    kind: str
    table: str
    key: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Behind:
    """What stands behind a KPI: `rule` is how its value follows from its items (marts.dim_kpi_subjects.rows_rule)."""

    kpi_id: str
    kind: str
    rule: str
    remaining_share: float | None
    subjects: tuple[Subject, ...]

    @property
    def has_items(self) -> bool:
        """Whether its number is made of rows of kpi_items."""
        return self.rule != "elsewhere"


@dataclass(frozen=True)
class Window:
    """The rows asked for: two local days and all between them, and by column what they are narrowed to, or "all"."""

    first: date
    last: date
    members: Mapping[str, str]

    @property
    def parameters(self) -> dict[str, Answerable]:
        """The parameters of a request."""
        return {"first_date": self.first, "last_date": self.last, **self.members}


def read_behind(scope: Scope, kpi_id: str) -> Behind:
    """What the version says of what stands behind `kpi_id`."""
    rows = scope.read(queries.indicators.SUBJECTS, (kpi_id,))
    registered = scope.read(queries.indicators.REGISTERED, (kpi_id,)).iloc[0]
    share = None if rows.empty or formats.is_missing(rows["remaining_share"].iloc[0]) else rows["remaining_share"][0]
    return Behind(
        kpi_id=kpi_id,
        kind=str(registered["kind"]),
        rule="elsewhere" if rows.empty else str(rows["rows_rule"].iloc[0]),
        remaining_share=None if share is None else float(share),
        subjects=tuple(
            Subject(
                kind=row["subject_kind"],
                table=_text(row["table_name"]),
                key=_text(row["key_expression"]),
                columns=tuple(_text(row["shown_columns"]).split()),
            )
            for row in rows.to_dict("records")
        ),
    )


def window_of(scope: Scope, behind: Behind) -> Window:
    """The days of the scope and what it is narrowed to; a level is that of the last month."""
    last = min(scope.period.end, scope.company.last_day)
    first = last.replace(day=1) if behind.rule == "level" else scope.period.start
    return Window(first, last, dict(zip(_MEMBERS, scope.members, strict=True)))


def read_states(scope: Scope, behind: Behind) -> pd.DataFrame:
    """How many items of the scope are of each kind, state and reason."""
    return scope.ask("item_states", {"kpi_id": behind.kpi_id, **window_of(scope, behind).parameters})


def read_items(scope: Scope, behind: Behind, subject: Subject, state: str = ALL) -> pd.DataFrame:
    """The latest items of one kind, MOST_ROWS at most, with what the published table says of them."""
    items = scope.ask(
        "items",
        {
            "kpi_id": behind.kpi_id,
            "subject_kind": subject.kind,
            "state": state,
            "row_limit": MOST_ROWS,
            **window_of(scope, behind).parameters,
        },
    )
    if not subject.key or items.empty:
        return items
    told = scope.ask(subject.kind, {"subject_ids": sorted(set(items["subject_id"]))})
    return items.merge(told, how="left", on="subject_id", suffixes=("", "_of_subject"))


def number_sql(behind: Behind, window: Window) -> str:
    """A statement whose one row has the value of the KPI in the window, and the cases that it is of."""
    if behind.rule == "quantile":
        return _quantile_sql(behind, window)
    numerator = "cast(sum(numerator) filter (where state = 'counted') as double)"
    denominator = "cast(sum(denominator) filter (where state = 'counted') as double)"
    ratio = f"{numerator}\n    / nullif({denominator}, 0)"
    value = {"total": numerator, "net_score": f"100 * {ratio}"}.get(behind.kind, ratio)
    return f"""\
select
    {value} as value,
    coalesce(sum(item_count) filter (where state = 'counted'), 0) as eligible_count,
    coalesce(sum(item_count) filter (where state = 'immature'), 0) as immature_count,
    coalesce(sum(item_count) filter (where state = 'censored'), 0) as censored_count,
    coalesce(sum(item_count) filter (where state = 'excluded'), 0) as excluded_count
from marts.kpi_items
where
{_where(behind, window)};"""


def _quantile_sql(behind: Behind, window: Window) -> str:
    """Kaplan–Meier's: of those still waiting at each second the share that is answered then."""
    return f"""\
with items as (
    select numerator as seconds, state, state = 'counted' and reason is null as is_event
    from marts.kpi_items
    where
{_where(behind, window, indent=8)}
),

seconds_passed as (
    select seconds, count(*) filter (where is_event) as event_count, count(*) as leaving_count
    from items
    where state in ('counted', 'censored')
    group by seconds
),

at_risk as (
    select seconds, event_count, sum(leaving_count) over (order by seconds desc) as waiting_count
    from seconds_passed
),

hazards as (
    select
        seconds,
        event_count,
        sum(case when event_count = waiting_count then 1e9 else -ln(1 - event_count / waiting_count) end)
            over (order by seconds) as hazard
    from at_risk
)

select
    (
        select cast(min(seconds) as double)
        from hazards
        where event_count > 0 and hazard >= -ln({behind.remaining_share}) - 1e-12
    ) as value,
    count(*) filter (where state = 'counted') as eligible_count,
    count(*) filter (where state = 'immature') as immature_count,
    count(*) filter (where state = 'censored') as censored_count,
    count(*) filter (where state = 'excluded') as excluded_count
from items;"""


def rows_sql(behind: Behind, window: Window, subject: Subject) -> str:
    """A statement whose rows are the items of one kind in the window, with what the published table says of them."""
    columns = [
        "counted_date", "subject_id", "site_id", "product_family", "state", "reason", "numerator", "denominator",
        "item_count",
    ]  # fmt: skip
    where = f"""\
where
{_where(behind, window, "items.")}
    and items.subject_kind = {_literal(subject.kind)}
order by items.counted_date desc, items.subject_id;"""
    listed = ", ".join(f"items.{column}" for column in columns)
    if not subject.key:
        return f"select\n    {listed}\nfrom marts.kpi_items as items\n{where}"
    told = ", ".join(f"subjects.{column}" for column in subject.columns)
    return f"""\
select
    {listed},
    {told}
from marts.kpi_items as items
left join (
    select {subject.key} as subject_key, *
    from marts.{subject.table}
) as subjects on subjects.subject_key = items.subject_id
{where}"""


def published_sql(scope: Scope, kpi_id: str) -> str:
    """A statement whose one row is the published value of a KPI in the scope."""
    members = "\n    and ".join(
        f"{column} = {_literal(member)}" for column, member in zip(_MEMBERS, scope.members, strict=True)
    )
    return f"""\
select value, numerator, denominator, eligible_count, immature_count, censored_count, excluded_count
from marts.kpi_values
where
    kpi_id = {_literal(kpi_id)}
    and period_grain = {_literal(scope.period.grain)}
    and period_start_date = date '{scope.period.start}'
    and {members};"""


def _where(behind: Behind, window: Window, table: str = "", indent: int = 4) -> str:
    parts = [
        f"{table}kpi_id = {_literal(behind.kpi_id)}",
        f"{table}counted_date between date '{window.first}' and date '{window.last}'",
    ]
    parts += [f"{table}{column} = {_literal(member)}" for column, member in window.members.items() if member != ALL]
    space = " " * indent
    return f"{space}{parts[0]}" + "".join(f"\n{space}and {part}" for part in parts[1:])


def _literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _text(value: object) -> str:
    return "" if formats.is_missing(value) else str(value)
