"""The data door: what of a published version a visitor may see, decided in one place, below every view.

A visitor who may see everything reads the published file itself. For everybody else a private database in memory is
filled with exactly what `STATEMENTS` lets through; it never gets to know the file, so that no SQL can reach past it.
The statements are also the report's side of the interface: a file that lacks a table or column of them is too old.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import duckdb

# Of each table what the report reads of it, and no more. $all_sites: the whole company may be seen, else only the rows
# of $sites. $sees_people: so may rows and names of single persons. A table that is not here stays outside.
STATEMENTS: Final = {
    "meta.settings": """
        select company_name_en, company_name_zh, time_zone, currency, as_of_at
        from meta.settings
    """,
    "meta.builds": """
        select
            build_id, code_version, profile_name, input_fingerprint, duckdb_version, duration_seconds, as_of_at,
            started_at, published_at
        from meta.builds
    """,
    # Whether a feed is connected explains what is not available; how much it delivers is the company's number.
    "meta.feeds": """
        select
            feed, sources, is_connected, last_landed_at,
            case when $all_sites then row_count end as row_count,
            case when $all_sites then delivered_count end as delivered_count,
            case when $all_sites then superseded_count end as superseded_count,
            case when $all_sites then filtered_count end as filtered_count,
            case when $all_sites then rejected_count end as rejected_count
        from meta.feeds
    """,
    # These five speak of tables, not of sites, and quote values of any row.
    "meta.gates": """
        select
            build_id, gate, schema_name, table_name, column_name, expectation, severity, observed, message,
            element_count, unexpected_count, is_success, case when $sees_people then example_rows end as example_rows
        from meta.gates
        where $all_sites
    """,
    # Which KPIs are stamped concerns everybody who reads them; how many rows of the company are at fault does not.
    "meta.kpi_trust": """
        select
            kpi_id, trust, table_name, column_name, expectation, split_by,
            case when $all_sites then message end as message
        from meta.kpi_trust
    """,
    "meta.rejects_summary": """
        select feed, source, column_name, reason_kind, row_count, case when $sees_people then example end as example
        from meta.rejects_summary
        where $all_sites
    """,
    "meta.notices": """
        select noticed_at, feed, source, kind, place, column_name, message, build_id
        from meta.notices
        where $all_sites
    """,
    "meta.steps": """
        select
            build_id, step, kind, started_at, seconds, cpu_seconds, peak_memory_bytes, rows_in, rows_out,
            rejected_count
        from meta.steps
        where $all_sites
    """,
    "meta.tables": """
        select schema_name, table_name, row_count, content_hash
        from meta.tables
        where $all_sites
    """,
    # Names, definitions and targets: the same for every site.
    "marts.dim_kpis": """
        select
            kpi_id, name_en, name_zh, definition_en, definition_zh, kpi_class, audience, owner, kind, unit, direction,
            definition_version, missing_feeds, target, is_available
        from marts.dim_kpis
    """,
    "marts.dim_scorecard_weights": """
        select work_role, kpi_id, weight, valid_from_date, valid_to_date
        from marts.dim_scorecard_weights
    """,
    # Rows of the company, a region, a channel or a priority carry the site "all", which nobody is granted by name.
    "marts.kpi_values": """
        select
            kpi_id, unit, status, excluded_reason, value, numerator, denominator, eligible_count, immature_count,
            censored_count, excluded_count, interval_low, interval_high, target, is_complete, period_grain,
            period_start_date, period_end_date, segment, site_id, product_family, region, channel, priority, trust
        from marts.kpi_values
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.dim_sites": """
        select site_id, site_name, city
        from marts.dim_sites
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.agg_response_monthly": """
        select
            month_start_date, ticket_count, answered_count, waiting_count, resolved_count, open_count,
            acceptance_mean_seconds, first_response_mean_seconds, first_response_median_seconds,
            first_response_p90_seconds, resolution_median_seconds, resolution_p90_seconds, first_response_open_share,
            resolution_open_share, site_id, product_family, channel, priority
        from marts.agg_response_monthly
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.agg_satisfaction_monthly": """
        select
            month_start_date, question_kind, survey_kind, aspect, scale_max, answer_count, mean_score, top_box_share,
            top_box_low, top_box_high, nps, nps_low, nps_high, site_id, product_family
        from marts.agg_satisfaction_monthly
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.agg_cost_composition_monthly": """
        select month_start_date, cost_group, component, amount, unallocated_amount, share, site_id, product_family
        from marts.agg_cost_composition_monthly
        where $all_sites or site_id in (select unnest($sites))
    """,
    # Cohorts follow customers across sites.
    "marts.agg_retention_cohorts": """
        select
            activity, source, retention_form, cohort_month_date, period_number, cohort_size, active_count, amount,
            retention_share, is_complete, period_start_date
        from marts.agg_retention_cohorts
        where $all_sites
    """,
    "marts.fct_tickets": """
        select ticket_id, issue_family, status
        from marts.fct_tickets
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.fct_sla_outcomes": """
        select
            ticket_id, metric, priority, channel, product_family, outcome, subject_id, margin_seconds, is_running,
            due_at, site_id, case when $sees_people then technician_id end as technician_id
        from marts.fct_sla_outcomes
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.fct_survey_answers": """
        select
            answer_id, comment, question_kind, aspect, nps_group, raw_score, scale_max, product_family, is_top_box,
            answered_date, answered_at, site_id
        from marts.fct_survey_answers
        where $all_sites or site_id in (select unnest($sites))
    """,
    "marts.dim_technicians": """
        select technician_id, technician_name
        from marts.dim_technicians
        where $sees_people and ($all_sites or site_id in (select unnest($sites)))
    """,
    # What the person's cases let expect and the rank interval compare with all people of the role in the company: by
    # design, since a comparison within one site says little. They name nobody else.
    "marts.agg_technician_scorecards": """
        select
            technician_id, technician_name, work_role, site_id, kpi_id, band, comparison, value, eligible_count,
            minimum_sample, interval_low, interval_high, target, score, weight, expected_value, adjusted_value,
            adjusted_low, adjusted_high, rank_low, rank_high, ranked_count, total_score, total_rank_low,
            total_rank_high, total_ranked_count, is_enough_data, period_grain, period_start_date
        from marts.agg_technician_scorecards
        where $sees_people and ($all_sites or site_id in (select unnest($sites)))
    """,
}

# A file without it was never published by us.
_OF_EVERY_VERSION: Final = "meta.settings"

_CLOSED: Final[dict[str, str | bool | int | float | list[str]]] = {
    # Read-only alone still lets SQL read other files of the server; see DuckDB's guide on securing it.
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
    "memory_limit": "1GB",
    "threads": 2,
}


class OutdatedFileError(RuntimeError):
    """The published file lacks a table or column that this report reads."""


@dataclass(frozen=True)
class Limits:
    """What a visitor may see of a version; part of the key of every cache.

    sites: codes of the only sites whose rows may be seen, sorted; None for the whole company.
    sees_people: whether rows and names of single persons may be seen.
    """

    sites: tuple[str, ...] | None = None
    sees_people: bool = True

    @property
    def are_none(self) -> bool:
        """Whether everything may be seen."""
        return self.sites is None and self.sees_people


EVERYTHING: Final = Limits()
_NOBODY: Final = Limits(sites=(), sees_people=False)


def connect(path: str, limits: Limits, tables: Iterable[str] = tuple(STATEMENTS)) -> duckdb.DuckDBPyConnection:
    """A connection to what `limits` leave of the version in `path`, with its configuration locked.

    tables: those of STATEMENTS that are wanted at all; fewer only for whoever is limited.
    OutdatedFileError where the file lacks something the report reads; duckdb.Error where it cannot be read at all.
    """
    if limits.are_none:
        file = duckdb.connect(path, read_only=True, config=_CLOSED | {"lock_configuration": True})
        try:
            for table in STATEMENTS:
                _let_through(file, table, _NOBODY)
        except BaseException:
            file.close()
            raise
        return file
    memory = duckdb.connect(":memory:", config=_CLOSED)
    try:
        memory.execute("create schema marts")
        memory.execute("create schema meta")
        with duckdb.connect(path, read_only=True, config=_CLOSED | {"lock_configuration": True}) as file:
            for table in tables:
                memory.from_arrow(_let_through(file, table, limits).to_arrow_table()).create(table)
        memory.execute("set lock_configuration = true")
    except BaseException:
        memory.close()
        raise
    return memory


def _let_through(file: duckdb.DuckDBPyConnection, table: str, limits: Limits) -> duckdb.DuckDBPyRelation:
    statement = STATEMENTS[table]
    values = {
        "all_sites": limits.sites is None,
        "sites": list(limits.sites or ()),
        "sees_people": limits.sees_people,
    }
    try:
        return file.sql(statement, params={name: value for name, value in values.items() if f"${name}" in statement})
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        if table == _OF_EVERY_VERSION:
            raise
        raise OutdatedFileError(str(error).partition("\n")[0]) from error
