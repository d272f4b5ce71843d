"""A monthly mart of service sites as users write it by hand, in SQL, in pandas and in polars, from Parquet.

    python -m bench.simple_marts duckdb|pandas|polars FOLDER

FOLDER holds one Parquet file per feed. By month (UTC) and site of creation: tickets, mean hours to the first response,
mean and 90th percentile of hours to resolution, share that was reopened, share followed by another ticket of the
customer within 7 days, mean satisfaction (1 to 5), spent on parts. No calendar, no policy, no as-of, nothing checked.

The last line printed is JSON: rows, and the sum of every column in thousandths, in which all three must agree.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from bench.measure import peak_kilobytes

KEY = ("month", "site_id")
MEASURES = (
    *("tickets", "first_response_hours", "resolution_hours", "resolution_hours_p90", "reopened_share"),
    *("repeated_share", "satisfaction", "parts_amount"),
)

_SQL = """
with
events as (
    select
        ticket_id, min(occurred_at) filter (event_kind = 'first_response') as responded_at,
        count(*) filter (event_kind = 'reopened') as reopened_count
    from '{folder}/ticket_events.parquet'
    where event_kind in ('first_response', 'reopened')
    group by ticket_id
),
scores as (
    select ticket_id, avg(raw_score) as score
    from '{folder}/survey_answers.parquet'
    where question_kind = 'csat' and aspect = 'overall' and scale_max = 5 group by ticket_id
),
parts as (
    select ticket_id, sum(cast(quantity * unit_cost_amount as double)) as amount
    from '{folder}/part_lines.parquet' group by ticket_id
),
followed as (
    select
        tickets.*,
        lead(created_at) over (partition by customer_id order by created_at, ticket_id)
            <= created_at + interval 7 day and customer_id is not null as is_repeated
    from '{folder}/tickets.parquet' as tickets
)
select
    date_trunc('month', created_at) as month, site_id, count(*) as tickets,
    avg(epoch(responded_at - created_at) / 3600) as first_response_hours,
    avg(epoch(resolved_at - created_at) / 3600) as resolution_hours,
    quantile_cont(epoch(resolved_at - created_at) / 3600, 0.9) as resolution_hours_p90,
    avg(if(coalesce(reopened_count, 0) > 0, 1, 0)) as reopened_share,
    avg(if(coalesce(is_repeated, false), 1, 0)) as repeated_share,
    avg(score) as satisfaction, coalesce(sum(amount), 0) as parts_amount
from followed
left join events using (ticket_id)
left join scores using (ticket_id)
left join parts using (ticket_id)
group by all
"""


def by_duckdb(folder: Path) -> dict[str, float]:
    """The mart in one statement."""
    import duckdb

    con = duckdb.connect()
    con.execute(f"create table mart as {_SQL.format(folder=folder)}")
    sums = ", ".join(f"sum({name})" for name in MEASURES)
    rows, *totals = con.execute(f"select count(*), {sums} from mart").fetchall()[0]
    return {"rows": rows, **dict(zip(MEASURES, map(float, totals), strict=True))}


def by_pandas(folder: Path) -> dict[str, float]:
    """The mart in data frames."""
    import pandas as pd

    hour = pd.Timedelta(hours=1)
    tickets = pd.read_parquet(
        folder / "tickets.parquet", columns=["ticket_id", "customer_id", "site_id", "created_at", "resolved_at"]
    )
    events = pd.read_parquet(folder / "ticket_events.parquet", columns=["ticket_id", "event_kind", "occurred_at"])
    answers = pd.read_parquet(folder / "survey_answers.parquet")
    lines = pd.read_parquet(folder / "part_lines.parquet", columns=["ticket_id", "quantity", "unit_cost_amount"])
    responded = events[events["event_kind"] == "first_response"].groupby("ticket_id")["occurred_at"].min()
    reopened = events[events["event_kind"] == "reopened"].groupby("ticket_id").size()
    overall = answers[
        (answers["question_kind"] == "csat")
        & (answers["aspect"] == "overall")
        & (answers["scale_max"].astype(float) == 5)
    ]
    scores = overall["raw_score"].astype(float).groupby(overall["ticket_id"]).mean()
    amount = lines["quantity"].astype(float) * lines["unit_cost_amount"].astype(float)
    parts = amount.groupby(lines["ticket_id"]).sum()
    tickets = tickets.sort_values(["customer_id", "created_at", "ticket_id"])
    following = tickets.groupby("customer_id")["created_at"].shift(-1)
    tickets["repeated_share"] = (following <= tickets["created_at"] + pd.Timedelta(days=7)).astype(float)
    tickets["first_response_hours"] = (tickets["ticket_id"].map(responded) - tickets["created_at"]) / hour
    tickets["resolution_hours"] = (tickets["resolved_at"] - tickets["created_at"]) / hour
    tickets["reopened_share"] = (tickets["ticket_id"].map(reopened).fillna(0) > 0).astype(float)
    tickets["satisfaction"] = tickets["ticket_id"].map(scores)
    tickets["parts_amount"] = tickets["ticket_id"].map(parts)
    tickets["month"] = tickets["created_at"].dt.to_period("M").dt.to_timestamp()
    groups = tickets.groupby(list(KEY), dropna=False)
    mart = groups.agg(
        tickets=("ticket_id", "size"),
        first_response_hours=("first_response_hours", "mean"),
        resolution_hours=("resolution_hours", "mean"),
        resolution_hours_p90=("resolution_hours", lambda hours: hours.quantile(0.9)),
        reopened_share=("reopened_share", "mean"),
        repeated_share=("repeated_share", "mean"),
        satisfaction=("satisfaction", "mean"),
        parts_amount=("parts_amount", "sum"),
    )
    return {"rows": len(mart), **{name: float(mart[name].sum()) for name in MEASURES}}


def by_polars(folder: Path) -> dict[str, float]:
    """The mart in lazy frames, collected once."""
    import polars as pl

    def read(feed: str) -> pl.LazyFrame:
        return pl.scan_parquet(folder / f"{feed}.parquet")

    def hours(column: str) -> pl.Expr:
        return (pl.col(column) - pl.col("created_at")).dt.total_microseconds() / 3_600_000_000

    is_overall = (pl.col("question_kind") == "csat") & (pl.col("aspect") == "overall")
    events = read("ticket_events")
    responded = (
        events.filter(pl.col("event_kind") == "first_response")
        .group_by("ticket_id")
        .agg(pl.col("occurred_at").min().alias("responded_at"))
    )
    reopened = (
        events.filter(pl.col("event_kind") == "reopened").group_by("ticket_id").agg(pl.len().alias("reopened_count"))
    )
    scores = (
        read("survey_answers")
        .filter(is_overall & (pl.col("scale_max").cast(pl.Float64) == 5))
        .group_by("ticket_id")
        .agg(pl.col("raw_score").cast(pl.Float64).mean().alias("score"))
    )
    parts = (
        read("part_lines")
        .group_by("ticket_id")
        .agg((pl.col("quantity").cast(pl.Float64) * pl.col("unit_cost_amount").cast(pl.Float64)).sum().alias("amount"))
    )
    following = pl.col("created_at").shift(-1).over("customer_id", order_by=["created_at", "ticket_id"])
    mart = (
        read("tickets")
        .with_columns(
            ((following <= pl.col("created_at") + pl.duration(days=7)) & pl.col("customer_id").is_not_null())
            .fill_null(value=False)
            .alias("is_repeated")
        )
        .join(responded, on="ticket_id", how="left")
        .join(reopened, on="ticket_id", how="left")
        .join(scores, on="ticket_id", how="left")
        .join(parts, on="ticket_id", how="left")
        .with_columns(pl.col("created_at").dt.truncate("1mo").alias("month"))
        .group_by(*KEY)
        .agg(
            pl.len().alias("tickets"),
            hours("responded_at").mean().alias("first_response_hours"),
            hours("resolved_at").mean().alias("resolution_hours"),
            hours("resolved_at").quantile(0.9, "linear").alias("resolution_hours_p90"),
            (pl.col("reopened_count").fill_null(0) > 0).mean().alias("reopened_share"),
            pl.col("is_repeated").mean().alias("repeated_share"),
            pl.col("score").mean().alias("satisfaction"),
            pl.col("amount").sum().alias("parts_amount"),
        )
        .collect()
    )
    return {"rows": mart.height, **{name: float(mart[name].sum()) for name in MEASURES}}


WAYS: dict[str, Callable[[Path], dict[str, float]]] = {"duckdb": by_duckdb, "pandas": by_pandas, "polars": by_polars}


if __name__ == "__main__":
    found = WAYS[sys.argv[1]](Path(sys.argv[2]))
    sums = {name: round(value * 1000) for name, value in found.items()}
    print(json.dumps({**sums, "peak_kilobytes": peak_kilobytes()}))
