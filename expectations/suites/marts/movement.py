"""KPIs against the last version: the values of periods that were over in both may not move without a recorded cause."""

# ruff: noqa: S608 - names come from contracts, all through expectations.sql; bounds are numbers
from __future__ import annotations

from collections.abc import Iterator, Mapping

from great_expectations.expectations.expectation import Expectation

from expectations.engine import PREVIOUS
from expectations.limits import Setting, TableLimits, Takes
from expectations.sql import literal
from expectations.suites import kinds
from expectations.suites.circumstances import Circumstances

# Half a 95 % interval, in standard errors.
HALF_INTERVAL = 1.959964
# Where a KPI has no interval, a standard error is taken as this share of the earlier value.
ERROR_WITHOUT_INTERVAL = 0.01

NEEDED = frozenset({"marts.kpi_values"})
TAKES: Takes = kinds.SEVERITY | {"highest", "minimum_count"}


def available_kpis(limits: TableLimits) -> Expectation:
    """What the feeds can feed has values."""
    return kinds.no_cases(
        limits,
        "available_kpis",
        "every KPI whose feeds are connected has values",
        """
        select kpi_id
        from "marts"."dim_kpis"
        where is_available and kpi_id not in (select kpi_id from {batch})
        """,
        column="kpi_id",
    )


def movement(limits: TableLimits, circumstances: Circumstances) -> Iterator[Expectation]:
    """One expectation on all KPIs, each with its own limit, and one for each KPI whose severity is another: a KPI
    stands in the place of the column."""
    if not circumstances.previous >= NEEDED:
        return
    usual = _consequence(limits.of("as_before", None))
    settings = {kpi_id: limits.of("as_before", kpi_id) for kpi_id in circumstances.kpi_ids}
    together = {kpi_id: setting for kpi_id, setting in settings.items() if _consequence(setting) == usual}
    if together:
        yield _as_before(limits, together)
    for kpi_id, setting in settings.items():
        if kpi_id not in together:
            yield _as_before(limits, {kpi_id: setting}, kpi_id)


def settable(circumstances: Circumstances) -> dict[tuple[str, str], Takes]:
    """The KPIs that rows of limits may name."""
    return {(kpi_id, "as_before"): TAKES for kpi_id in circumstances.kpi_ids}


def _consequence(setting: Setting) -> tuple[float, float]:
    return setting.stop_above, setting.withhold_above


def _as_before(limits: TableLimits, settings: Mapping[str, Setting], kpi_id: str | None = None) -> Expectation:
    """A value moves with cause where its definition or anything that meta.causes records of this build changed, and
    where it was not final: with items that were still immature or open."""
    rows = ", ".join(f"({literal(kpi)}, {one.highest or 0}, {one.minimum_count})" for kpi, one in settings.items())
    query = f"""
        with limits (kpi_id, highest, minimum_count) as (values {rows}),
        before as (
            select
                earlier.*,
                limits.highest,
                coalesce(
                    nullif(earlier.interval_high - earlier.interval_low, 0) / (2 * {HALF_INTERVAL}),
                    abs(earlier.value) * {ERROR_WITHOUT_INTERVAL}
                ) as standard_error
            from {PREVIOUS}.marts.kpi_values as earlier
            inner join limits on limits.kpi_id = earlier.kpi_id
            where earlier.is_complete and earlier.period_grain <> 'all' and earlier.value is not null
                and earlier.immature_count = 0 and earlier.censored_count = 0
                and earlier.eligible_count >= limits.minimum_count
        ),
        present as (select * from {{batch}})
        select
            kpi_id, before.period_grain, before.period_start_date, before.segment, before.site_id, before.region,
            before.product_family, before.channel, before.priority,
            before.value as value_before, present.value as value_now,
            round(abs(present.value - before.value) / nullif(before.standard_error, 0), 2) as standard_errors,
            before.highest as allowed_standard_errors
        from before
        left join present using (
            kpi_id, period_grain, period_start_date, segment, site_id, region, product_family, channel, priority
        )
        where coalesce(abs(present.value - before.value) > before.highest * before.standard_error, true)
            and coalesce(present.definition_version, before.definition_version) = before.definition_version
            and not exists (
                select 1 from meta.causes
                where build_id = (select build_id from meta.builds order by started_at desc, build_id desc limit 1)
            )
        order by standard_errors desc nulls first, kpi_id, segment, period_grain, period_start_date, site_id, region,
            product_family, channel, priority
        """
    whose = f"{kpi_id} of a period that was over" if kpi_id else "each KPI of a period that was over"
    says = f"{whose} has moved by no more than its limit since the last version served, or for a recorded cause"
    return kinds.no_cases(limits, "as_before", says, query, column=kpi_id, takes=TAKES)
