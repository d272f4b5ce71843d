"""The lists of holidays in use cover the time from the first ticket to after as-of: a year that they do not know would
silently have no holidays."""

# ruff: noqa: S608 - names come from contracts, all through expectations.sql; bounds are numbers
from __future__ import annotations

from datetime import datetime, timedelta

from great_expectations.expectations.expectation import Expectation

from expectations.limits import TableLimits
from expectations.sql import literal
from expectations.suites import kinds

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


def holiday_years(limits: TableLimits, as_of: datetime) -> list[Expectation]:
    """What is demanded of calendar_days as a whole. `lowest` of known_until is the number of days after as-of until
    which the holidays must be known."""
    ahead = timedelta(days=limits.of("known_until", None).lowest or 0)
    needed = (as_of + ahead).date()
    return [
        kinds.no_cases(
            limits,
            "known_until",
            f"the holidays are known until {needed}, {ahead.days} days after as-of; without those of a "
            "year, business time counts them as usual days",
            f"with known as ({_KNOWN_YEARS}) select * from known where known_until_date < {literal(f'{needed}')}",
            takes=kinds.SEVERITY | {"lowest"},
        ),
        kinds.no_cases(
            limits,
            "known_from",
            "the holidays are known from the year of the first ticket on",
            f"""
            with known as ({_KNOWN_YEARS})
            select known.*, first_ticket_at
            from known, (select min(created_at) as first_ticket_at from raw.tickets)
            where first_ticket_at < known_from_date
            """,
        ),
    ]
