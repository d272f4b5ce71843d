"""Do the marts find what is true? Many builds of one world: estimate, interval and a naive figure beside the truth.

python -m bench.truth [SEEDS] [TICKETS] prints a Markdown table. The world (staff, sites, units) stays, its two years
are lived again with each seed; so an estimate has one truth, the value over many such lives with each followed to its
end. The last quarter before as-of is judged, where what is still open misleads a naive figure most.
"""

from __future__ import annotations

import math
import statistics
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import duckdb

from bench.lived_years import Truth, live, planted
from bench.sample_builds import built

SEEDS = 20
TICKETS = 3_000
WORLD = 7
# Years of which the truth is made; none of them is one that is built.
LIVED = 120
FIRST_LIVED = 10_001


QUARTER, YEAR = "2026-04-01", "2025-01-01"

# Whoever has not come back yet counts as one who never will.
NAIVE_FIRST_CONTACT = (
    "select avg(case when next_contact_at <= first_resolved_at + interval 7 day then 0 else 1 end) "
    f"from marts.fct_ticket_resolutions where first_resolved_date >= date '{QUARTER}'"
)
NAIVE_FIRST_TIME_FIX = (
    "select avg(case when visit_count = 1 and returned_at is null then 1 else 0 end) "
    f"from marts.fct_jobs where completed_date >= date '{QUARTER}'"
)
# Whatever was answered, on whatever scale, however often.
NAIVE_SATISFACTION = (
    "select avg(case when raw_score >= 4 then 1 else 0 end) "
    f"from marts.fct_survey_answers where question_kind = 'csat' and answered_date >= date '{QUARTER}'"
)
NAIVE_RECOMMENDATION = (
    "select 100 * avg(case when raw_score >= 9 then 1 when raw_score <= 6 then -1 else 0 end) "
    f"from marts.fct_survey_answers where question_kind = 'nps' and answered_date >= date '{QUARTER}'"
)


@dataclass(frozen=True)
class Estimand:
    """A KPI of kpi_values, what is true of it, and the query of somebody in a hurry; `unit` is that of the table."""

    kpi: str
    truth: float
    naive: str | None = None
    unit: float = 1.0


@dataclass(frozen=True)
class Estimate:
    """What one build says of one KPI."""

    value: float
    low: float
    high: float
    naive: float | None


@dataclass(frozen=True)
class Person:
    """What one build says of one person's first-time fixes in the year, and what is true."""

    number: str
    truth: float
    value: float
    low: float
    high: float
    adjusted: float
    adjusted_low: float
    adjusted_high: float
    comparison: str


@dataclass(frozen=True)
class Build:
    """What is read from one build."""

    estimates: dict[str, Estimate]
    people: list[Person]


def estimands(truth: Truth) -> list[Estimand]:
    """List what is judged. The naive queries leave out what is open, or count what nobody can know yet."""
    hours, days = 3600.0, 86400.0
    created = f"from marts.fct_tickets where exit_kind <> 'merged' and created_date >= date '{QUARTER}'"
    reached = (
        "select avg(cast(is_met as integer)) from marts.fct_sla_outcomes "
        "where metric = '{}' and reached_at is not null and due_date >= date '" + QUARTER + "'"
    )
    return [
        *(
            Estimand(
                f"{clock}_time_{name}",
                truth.quantile(clock, share),
                f"select quantile_cont({column}, {share}) {created}",
                unit,
            )
            for clock, column, unit in (
                ("first_response", "first_response_seconds", hours),
                ("resolution", "first_resolution_seconds", days),
            )
            for name, share in (("median", 0.5), ("p90", 0.9))
        ),
        *(
            Estimand(f"{metric}_sla_attainment", truth.share(f"{metric}_sla_attainment"), reached.format(metric))
            for metric in ("first_response", "resolution")
        ),
        Estimand(
            "first_contact_resolution_rate",
            truth.share("first_contact_resolution_rate"),
            NAIVE_FIRST_CONTACT,
        ),
        Estimand("first_time_fix_rate", truth.share("first_time_fix_rate"), NAIVE_FIRST_TIME_FIX),
        Estimand("csat_top_box_share", truth.share("csat_top_box_share"), NAIVE_SATISFACTION),
        Estimand("nps_transactional", truth.net_score("nps_transactional"), NAIVE_RECOMMENDATION),
    ]


def build(seed: int, tickets: int, wanted: list[Estimand], truth: Truth) -> Build:
    """Generate, build and read one company."""
    with built(seed, tickets, world_seed=WORLD) as con:
        return Build({each.kpi: _read(con, each) for each in wanted}, list(_read_people(con, truth)))


def _read(con: duckdb.DuckDBPyConnection, wanted: Estimand) -> Estimate:
    ((value, low, high),) = con.execute(
        "select value, interval_low, interval_high from marts.kpi_values "
        "where kpi_id = ? and segment = 'all' and period_grain = 'quarter' and period_start_date = cast(? as date)",
        [wanted.kpi, QUARTER],
    ).fetchall()
    naive = con.execute(wanted.naive).fetchall()[0][0] if wanted.naive else None
    # An upper end that the curve does not reach is open.
    return Estimate(value, low if low is not None else 0.0, high if high is not None else math.inf, naive)


def _read_people(con: duckdb.DuckDBPyConnection, truth: Truth) -> Iterator[Person]:
    rows = con.execute(
        "select technician_id, value, interval_low, interval_high, adjusted_value, adjusted_low, adjusted_high, "
        "comparison from marts.agg_technician_scorecards "
        "where kpi_id = 'first_time_fix_rate' and period_grain = 'year' and period_start_date = cast(? as date) "
        "and work_role = 'technician' and is_enough_data and adjusted_value is not null order by technician_id",
        [YEAR],
    ).fetchall()
    for number, value, low, high, adjusted, adjusted_low, adjusted_high, comparison in rows:
        fixed, jobs = truth.people.get(number, (0, 0))
        if jobs:
            yield Person(number, fixed / jobs, value, low, high, adjusted, adjusted_low, adjusted_high, comparison)


def table(wanted: list[Estimand], builds: list[Build]) -> str:
    """The Markdown table of the estimators."""
    lines = [
        "| KPI, last quarter | truth | mean estimate | bias | interval holds the truth | naive | bias of naive |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for each in wanted:
        found = [made.estimates[each.kpi] for made in builds]
        mean = statistics.fmean(estimate.value for estimate in found)
        held = sum(estimate.low <= each.truth <= estimate.high for estimate in found)
        naive = [estimate.naive for estimate in found if estimate.naive is not None]
        cells = [each.truth, mean, mean - each.truth]
        shown = [f"{cell / each.unit:.4g}" for cell in cells]
        mean_naive = statistics.fmean(naive) if naive else None
        shown_naive = (
            ["", ""]
            if mean_naive is None
            else [f"{mean_naive / each.unit:.4g}", f"{(mean_naive - each.truth) / each.unit:+.4g}"]
        )
        lines.append(f"| {' | '.join([each.kpi, *shown, f'{held} of {len(found)}', *shown_naive])} |")
    return "\n".join(lines)


def people_table(builds: list[Build]) -> str:
    """The Markdown table of the persons' first-time fixes."""
    everybody = [person for made in builds for person in made.people]
    raw = _error(person.value - person.truth for person in everybody)
    adjusted = _error(person.adjusted - person.truth for person in everybody)
    held_raw = statistics.fmean(person.low <= person.truth <= person.high for person in everybody)
    held = statistics.fmean(person.adjusted_low <= person.truth <= person.adjusted_high for person in everybody)
    return "\n".join(
        [
            "| first-time fix of a technician, last year | root mean square error | interval holds the truth |",
            "|---|---:|---:|",
            f"| as it was | {raw:.4f} | {held_raw:.1%} |",
            f"| shrunk towards the case mix | {adjusted:.4f} | {held:.1%} |",
            "",
            f"{len(everybody)} persons in {len(builds)} builds.",
        ]
    )


def _error(differences: Iterable[float]) -> float:
    return math.sqrt(statistics.fmean(difference**2 for difference in differences))


def main() -> None:
    """Live, build, compare, print."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS
    tickets = int(sys.argv[2]) if len(sys.argv) > 2 else TICKETS
    truth = live(WORLD, range(FIRST_LIVED, FIRST_LIVED + LIVED), tickets)
    wanted = estimands(truth)
    with ThreadPoolExecutor(max_workers=2) as pool:
        builds = list(pool.map(lambda seed: build(seed, tickets, wanted, truth), range(1, seeds + 1)))
    print(f"{seeds} builds of {tickets:,} tickets; truth of {LIVED} years.\n")
    print(table(wanted, builds), "\n")
    print(people_table(builds), "\n")
    named = planted(WORLD, tickets)
    for kind, number in named.items():
        found = Counter(person.comparison for made in builds for person in made.people if person.number == number)
        print(f"the {kind} technician {number}: {dict(found)}")
    others = Counter(p.comparison for made in builds for p in made.people if p.number not in named.values())
    print(f"all others: {dict(others)}")
    print(f"CSAT of everybody, not only of those who answer: {truth.share('csat of everybody'):.4f}")


if __name__ == "__main__":
    main()
