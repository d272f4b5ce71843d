"""Gate 1, the landed feeds: the base suite by the contract, and per feed what people know of its data.

Real sources are dirty: closed before resolved, answered before asked, negative times. Such rows warn, with their count,
as long as they are the exception; above the share that stands beside a rule they say that a column is mapped wrongly,
or read in the wrong format or time zone, and the build stops.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from great_expectations.expectations.expectation import Expectation

from expectations.sql import literal
from expectations.suites import base, kinds
from expectations.suites.kinds import STOP, WARN
from expectations.tables import TableSpec

# Shares of a column's values that stop the build, where they are out of the range of its unit, or before 1990.
OUT_OF_RANGE = 0.05
BEFORE_1990 = 0.01

# Feed → (column, the column it must not be less than or before, share of rows that stops).
ORDER: Mapping[str, tuple[tuple[str, str, float], ...]] = {
    "assets": (("installed_date", "sold_date", 0.20),),
    "purchases": (("contract_end_date", "contract_start_date", 0.01),),
    "tickets": (
        ("accepted_at", "created_at", 0.05),
        ("first_response_at", "created_at", 0.05),
        ("service_started_at", "created_at", 0.05),
        ("resolved_at", "created_at", 0.05),
        ("resolved_at", "service_started_at", 0.05),
        ("closed_at", "created_at", 0.05),
        ("closed_at", "resolved_at", 0.10),
        ("followed_up_at", "resolved_at", 0.10),
        ("first_response_due_at", "created_at", 0.05),
        ("resolution_due_at", "created_at", 0.05),
    ),
    "complaints": (
        ("acknowledged_at", "raised_at", 0.05),
        ("closed_at", "raised_at", 0.05),
        ("closed_at", "acknowledged_at", 0.10),
    ),
    "technicians": (("left_date", "hired_date", 0.01),),
    "sites": (("closed_date", "opened_date", STOP),),
    "visits": (
        ("arrived_at", "requested_at", 0.05),
        ("completed_at", "requested_at", 0.05),
        ("completed_at", "arrived_at", 0.05),
    ),
    "part_lines": (
        ("delivered_at", "requested_at", 0.05),
        ("used_at", "delivered_at", 0.10),
        ("returned_at", "requested_at", 0.05),
    ),
    "calls": (
        ("answered_at", "offered_at", 0.05),
        ("ended_at", "offered_at", 0.05),
        ("ended_at", "answered_at", 0.05),
    ),
    "shifts": (("ends_at", "starts_at", 0.05),),
    "survey_answers": (
        ("scale_max", "scale_min", STOP),
        ("raw_score", "scale_min", 0.05),
        ("scale_max", "raw_score", 0.05),
    ),
    "reviews": (("scale_max", "rating", 0.05),),
    "audits": (("scale_max", "score", 0.05),),
    "sla_policies": (("valid_to_date", "valid_from_date", STOP),),
    "call_policies": (("valid_to_date", "valid_from_date", STOP),),
    "kpi_registry": (("valid_to_date", "valid_from_date", STOP),),
    "scorecard_weights": (("valid_to_date", "valid_from_date", STOP),),
    "cost_drivers": (("valid_to_date", "valid_from_date", STOP),),
    "reference_values": (("valid_to_date", "valid_from_date", STOP),),
}

DAY_SECONDS = 24 * 60 * 60
WEEK_MINUTES = 7 * 24 * 60

# Feed → (column, lowest, highest, share of rows that stops). Negative money is a correction; rows of it are an error.
PLAUSIBLE: Mapping[str, tuple[tuple[str, float | None, float | None, float], ...]] = {
    "customers": (("latitude", -90, 90, 0.05),),
    "products": (("list_price_amount", 0, None, 0.01),),
    "purchases": (("unit_price_amount", 0, None, 0.01), ("quantity", -100_000, 100_000, 0.01)),
    "tickets": (("fee_amount", 0, None, 0.05),),
    "sites": (("latitude", -90, 90, STOP),),
    "visits": (
        ("labor_fee_amount", 0, None, 0.05),
        ("parts_fee_amount", 0, None, 0.05),
        ("travel_minutes", None, WEEK_MINUTES, 0.01),
        ("on_site_minutes", None, WEEK_MINUTES, 0.01),
        ("phone_minutes", None, WEEK_MINUTES, 0.01),
        ("admin_minutes", None, WEEK_MINUTES, 0.01),
        ("technician_count", 1, 50, 0.05),
    ),
    "part_lines": (("quantity", 0, 10_000, 0.05), ("unit_cost_amount", 0, None, 0.05)),
    "part_stock": (("on_hand_quantity", 0, None, 0.05),),
    "calls": (
        ("talk_seconds", None, DAY_SECONDS, 0.01),
        ("hold_seconds", None, DAY_SECONDS, 0.01),
        ("wrap_seconds", None, DAY_SECONDS, 0.01),
        ("queue_seconds", None, DAY_SECONDS, 0.01),
    ),
    "reviews": (("rating", 0, None, 0.01),),
    "labor_costs": (
        ("wage_amount", 0, None, 0.05),
        ("social_insurance_amount", 0, None, 0.05),
        ("training_amount", 0, None, 0.05),
        ("paid_hours", None, 31 * 24, STOP),
    ),
    "operating_costs": (
        ("rent_amount", 0, None, 0.05),
        ("utilities_amount", 0, None, 0.05),
        ("transport_amount", 0, None, 0.05),
        ("tools_amount", 0, None, 0.05),
    ),
    "audits": (("score", 0, None, 0.01),),
    "sla_policies": (("target_minutes", 1, None, STOP),),
    "calendar_days": (("works_like_weekday", 1, 7, STOP),),
    "kpi_registry": (("weight", 0, 100, STOP),),
    "scorecard_weights": (("weight", 0, 100, STOP), ("minimum_sample", 1, None, STOP)),
    "cost_drivers": (("weight", 0, None, STOP), ("step_number", 1, None, STOP)),
}

# A misspelt stage would never pause anything, and nobody would notice.
_STAGE = "(new|open|waiting_customer|waiting_parts|on_hold)"
# Feed → (name, sentence, condition that no row should meet, columns to show, share of rows that stops).
CONTRADICTIONS: Mapping[str, tuple[tuple[str, str, str, tuple[str, ...], float], ...]] = {
    "customers": (
        (
            "email_has_at",
            "an e-mail address has an @",
            "email not like '%@%'",
            ("customer_id", "email"),
            0.20,
        ),
    ),
    "purchases": (
        (
            "cancellation_gives_back",
            "a cancellation has a negative quantity",
            "purchase_kind = 'cancellation' and quantity > 0",
            ("purchase_id", "purchase_kind", "quantity"),
            0.05,
        ),
        (
            "order_gives",
            "an order, renewal or contract has a positive quantity",
            "purchase_kind <> 'cancellation' and quantity <= 0",
            ("purchase_id", "purchase_kind", "quantity"),
            0.05,
        ),
    ),
    "tickets": (
        (
            "resolved_has_time",
            "a resolved or closed ticket has a time of resolution or closure",
            "status in ('resolved', 'closed') and resolved_at is null and closed_at is null",
            ("ticket_id", "status"),
            0.20,
        ),
        (
            "merged_has_target",
            "a merged ticket names another ticket it was merged into",
            "status = 'merged' and coalesce(merged_into_ticket_id, ticket_id) = ticket_id",
            ("ticket_id", "merged_into_ticket_id"),
            WARN,
        ),
    ),
    "visits": (
        (
            "completed_has_time",
            "a completed visit has a time of completion",
            "outcome = 'completed' and completed_at is null",
            ("visit_id", "outcome"),
            0.20,
        ),
    ),
    "calls": (
        (
            "answered_has_time",
            "an answered call has a time of answer",
            "outcome = 'answered' and answered_at is null",
            ("call_leg_id", "outcome"),
            0.05,
        ),
        (
            "abandoned_has_no_talk",
            "an abandoned call has no talk time",
            "outcome = 'abandoned' and talk_seconds > 0",
            ("call_leg_id", "talk_seconds"),
            0.05,
        ),
    ),
    "survey_answers": (
        (
            "nps_scale",
            "recommendation is asked on a scale of 0 to 10",
            "question_kind = 'nps' and (scale_min <> 0 or scale_max <> 10)",
            ("answer_id", "scale_min", "scale_max"),
            WARN,
        ),
        (
            "score_has_scale",
            "a score comes with its scale",
            "raw_score is not null and (scale_min is null or scale_max is null)",
            ("answer_id", "raw_score"),
            0.05,
        ),
    ),
    "labor_costs": (
        (
            "month_starts",
            "cost_month_date is the first day of a month",
            "day(cost_month_date) <> 1",
            ("technician_id", "cost_month_date"),
            STOP,
        ),
    ),
    "operating_costs": (
        (
            "month_starts",
            "cost_month_date is the first day of a month",
            "day(cost_month_date) <> 1",
            ("site_id", "cost_month_date"),
            STOP,
        ),
    ),
    "ledger_totals": (
        (
            "month_starts",
            "ledger_month_date is the first day of a month",
            "day(ledger_month_date) <> 1",
            ("site_id", "ledger_month_date"),
            STOP,
        ),
    ),
    "calendars": (
        (
            "holidays_are_listed",
            "a calendar's holiday region has days in calendar_days",
            "holiday_region is not null and holiday_region not in (select holiday_region from policy.calendar_days)",
            ("calendar_id", "holiday_region"),
            STOP,
        ),
    ),
    "sla_policies": (
        (
            "stages_pause",
            "paused_stages names stages of an open ticket, separated by a space",
            f"paused_stages is not null and not regexp_full_match(paused_stages, '{_STAGE}( {_STAGE})*')",
            ("policy_id", "paused_stages"),
            STOP,
        ),
    ),
    "kpi_registry": (
        (
            "worst_is_not_best",
            "a KPI's worst and best values differ and lie in its direction",
            "(direction = 'higher' and worst >= best) or (direction = 'lower' and worst <= best)",
            ("kpi_id", "direction", "worst", "best"),
            STOP,
        ),
        (
            "weighs_with_target",
            "a KPI that weighs in its class has a target, a worst and a best value",
            "weight > 0 and (target is null or worst is null or best is null)",
            ("kpi_id", "weight", "target", "worst", "best"),
            STOP,
        ),
    ),
    "cost_drivers": (
        (
            "driver_fits_group",
            "labour is shared over the work of a person, operations over that of a site",
            "(cost_group = 'labor' and driver in ('tickets_raised', 'tickets_finished')) "
            "or (cost_group = 'operations' and driver = 'ticket_touches')",
            ("driver_row_id", "cost_group", "driver"),
            STOP,
        ),
        (
            "component_fits_group",
            "a component belongs to its cost group",
            "(cost_group = 'labor') <> (component in ('wage', 'bonus', 'social_insurance', 'training'))",
            ("driver_row_id", "cost_group", "component"),
            STOP,
        ),
    ),
    "reference_values": (
        (
            "says_one_thing",
            "a benchmark is a value; a reference case is a value before and after, or a change",
            "(kind = 'benchmark' and (value_after is null or value_before is not null or relative_change is not null)) "
            "or (kind = 'reference_case' and ((value_before is null) <> (value_after is null) "
            "or (value_after is null) = (relative_change is null)))",
            ("reference_id", "kind", "value_before", "value_after", "relative_change"),
            STOP,
        ),
    ),
}


# The holidays of a year are known by the end of the year before; a month is time to bring the new ones in.
HOLIDAYS_AHEAD = timedelta(days=30)

# Regions of calendars that some rule or SLA policy uses; a list is taken to know whole years.
_KNOWN_YEARS = """
    select
        holiday_region,
        make_date(year(min(day_date)), 1, 1) as known_from_date,
        make_date(year(max(day_date)), 12, 31) as known_until_date
    from {batch}
    where holiday_region in (
        select holiday_region from policy.calendars
        where calendar_id in (
            select calendar_id from policy.calendar_rules union select calendar_id from policy.sla_policies
        )
    )
    group by holiday_region
    """


def holiday_years(as_of: datetime) -> list[Expectation]:
    """The lists of holidays in use cover the time from the first ticket to after as-of: a year that they do not know
    would silently have no holidays."""
    needed = (as_of + HOLIDAYS_AHEAD).date()
    return [
        kinds.no_rows(
            "known_until",
            f"the holidays are known until {needed}, {HOLIDAYS_AHEAD.days} days after as-of; without those of a "
            "year, business time counts them as usual days",
            f"with known as ({_KNOWN_YEARS}) select * from known where known_until_date < {literal(f'{needed}')}",  # noqa: S608
            WARN,
        ),
        kinds.no_rows(
            "known_from",
            "the holidays are known from the year of the first ticket on",
            f"""
            with known as ({_KNOWN_YEARS})
            select known.*, first_ticket_at
            from known, (select min(created_at) as first_ticket_at from raw.tickets)
            where first_ticket_at < known_from_date
            """,  # noqa: S608
            WARN,
        ),
    ]


def opening(table: TableSpec) -> list[Expectation]:
    """Rows, columns and types. Landing adds columns of its own, and keeps those that the contract has dropped."""
    return base.opening(table, other_columns=True)


def demands(table: TableSpec, tables: Mapping[str, TableSpec], as_of: datetime | None) -> list[Expectation]:
    """What is demanded of a connected feed beyond its opening; references are looked up in `tables`."""
    feed = table.table_name
    return [
        *base.values(table, range_stop_above=OUT_OF_RANGE),
        *base.times(table, as_of, stop_above=BEFORE_1990),
        *base.references(table, tables),
        *(holiday_years(as_of) if feed == "calendar_days" and as_of is not None else []),
        *(kinds.not_less(column, than, stop_above) for column, than, stop_above in ORDER.get(feed, ())),
        *(
            kinds.between(column, low, high, stop_above, name="plausible")
            for column, low, high, stop_above in PLAUSIBLE.get(feed, ())
        ),
        *(
            kinds.no_row_where(name, says, condition, shows, stop_above)
            for name, says, condition, shows, stop_above in CONTRADICTIONS.get(feed, ())
        ),
    ]
