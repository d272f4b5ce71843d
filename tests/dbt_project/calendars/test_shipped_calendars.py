"""What ships: calendars that open when they say, and days that are those of the libraries, to the last row."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.extract.batch import POLICIES_DIR
from orchestration.holiday_table import UnknownRegionError, holidays_of
from tests.company import Company
from tests.dbt_project.calendars.engine import connect, make_hours, measure
from tests.dbt_project.calendars.oracle import walk
from tests.dbt_project.calendars.shipped import read, shipped

# As docs/calendars.md gives it.
COMMAND = ["calendar", "holidays", "CN", "DE", "US", "--from", "2004", "--to", "2030"]


def test_the_shipped_days_are_what_the_tool_writes(tmp_path: Path) -> None:
    written = tmp_path / "days.csv"
    done = CliRunner().invoke(main, ["--data-dir", str(tmp_path), *COMMAND, "--out", str(written)])
    assert done.exit_code == 0, done.output
    assert written.read_bytes() == (POLICIES_DIR / "calendar_days.csv").read_bytes()


def test_the_tool_says_which_years_nobody_knows(tmp_path: Path) -> None:
    """China's list ends with the State Council's last notice: a year without rows would be one without holidays."""
    arguments = ["--data-dir", str(tmp_path), "calendar", "holidays", "CN", "--from", "2026", "--to", "2028"]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0
    assert "CN: not known, and without rows: 2027, 2028" in done.stderr
    assert {line[:7] for line in done.stdout.splitlines()[1:]} == {"CN,2026"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["XX", "--from", "2026", "--to", "2026"], "no library knows the holidays of 'XX'"),
        (["DE-XX", "--from", "2026", "--to", "2026"], "no library knows the holidays of 'DE-XX'"),
        (["DE", "--from", "2026", "--to", "2025"], "--to 2025 is before --from 2026"),
    ],
)
def test_the_tool_refuses_what_it_cannot_know(tmp_path: Path, arguments: list[str], says: str) -> None:
    done = CliRunner().invoke(main, ["--data-dir", str(tmp_path), "calendar", "holidays", *arguments])
    assert done.exit_code == 2
    assert says in done.output


def test_a_part_of_a_country_has_holidays_of_its_own() -> None:
    bavaria = {day.day_date for day in holidays_of("DE-BY", 2026, 2026).days}
    germany = {day.day_date for day in holidays_of("DE", 2026, 2026).days}
    assert germany < bavaria
    assert date(2026, 1, 6) in bavaria  # Epiphany
    with pytest.raises(UnknownRegionError):
        holidays_of("nowhere", 2026, 2026)


@pytest.mark.parametrize(
    ("calendar_id", "start", "end", "hours"),
    [
        # Local times. 2026: nine days of Spring Festival, and the Saturdays before and after it are worked.
        ("cn_office", datetime(2026, 2, 14), datetime(2026, 3, 1), 8 + 5 * 8),
        # National Day 1 to 7 October; Sunday 20 September and Saturday 10 October are worked.
        ("cn_office", datetime(2026, 9, 20), datetime(2026, 9, 21), 8),
        ("cn_office", datetime(2026, 10, 1), datetime(2026, 10, 12), 2 * 8 + 8),
        # 261 weekdays of 2025, less 18 that are holidays, and 5 make-up days.
        ("cn_office", datetime(2025, 1, 1), datetime(2026, 1, 1), 248 * 8),
        ("cn_extended", datetime(2026, 2, 14), datetime(2026, 3, 1), 15 * 12),
        ("24x7", datetime(2026, 2, 14), datetime(2026, 3, 1), 15 * 24),
        # Good Friday and Easter Monday; the clock was put forward on Sunday 29 March.
        ("de_office", datetime(2026, 3, 27), datetime(2026, 4, 7), 5 * 8),
        ("us_office", datetime(2026, 7, 2), datetime(2026, 7, 7), 2 * 8),
    ],
)
def test_a_shipped_calendar_opens_as_its_country_works(
    calendar_id: str, start: datetime, end: datetime, hours: int
) -> None:
    calendar = shipped(calendar_id)
    # Where the zone is ahead or behind, the local midnights are this much off; no desk works at midnight.
    offset = {"de_office": 2, "us_office": -4}.get(calendar_id, 8)
    with connect() as con:
        make_hours(con, [calendar], datetime(2025, 1, 1), datetime(2026, 7, 1))
        shift = timedelta(hours=offset)
        (found,) = measure(con, [("ours", start - shift, end - shift, 0)])
    assert found.seconds == hours * 3600


def test_every_calendar_that_a_policy_names_ships() -> None:
    known = {row["calendar_id"] for row in read("calendars")}
    assert {"24x7", "cn_office", "de_office", "us_office"} <= known
    for table in ("calendar_hours", "calendar_rules", "sla_policies"):
        assert {row["calendar_id"] for row in read(table)} <= known
    regions = {row["holiday_region"] for row in read("calendar_days")}
    assert {row["holiday_region"] for row in read("calendars")} <= regions | {""}
    assert {row["calendar_id"] for row in read("calendar_hours")} == known


def test_default_promises_are_in_calendar_time() -> None:
    """The founding documents do not say business hours; a company that means them changes a row."""
    assert {row["calendar_id"] for row in read("sla_policies")} == {"24x7"}


@pytest.mark.parametrize("calendar_id", ["24x7", "cn_office", "cn_extended"])
def test_every_ticket_of_the_sample_company_has_the_times_of_a_walk(sample_company: Company, calendar_id: str) -> None:
    """Through the whole path: rules, hours and facts, for every ticket of a built company."""
    tickets = sample_company.query(
        """
        select
            created_at,
            [accepted_at, first_response_at, case when is_resolved then resolved_at end],
            [acceptance_business_seconds, first_response_business_seconds, full_resolution_business_seconds]
        from marts.fct_tickets
        where calendar_id = ?
        """,
        [calendar_id],
    )
    assert len(tickets) > 300
    first = min(created_at for created_at, _, _ in tickets).replace(hour=0, minute=0, second=0, microsecond=0)
    clock = walk(shipped(calendar_id), first - timedelta(days=1), datetime(2026, 7, 2))
    for created_at, milestones, seconds in tickets:
        position = clock.position_us(created_at)
        assert seconds == [
            None if reached is None or reached < created_at else (clock.position_us(reached) - position) // 1_000_000
            for reached in milestones
        ]


def test_the_calendar_of_a_ticket_follows_the_hours_of_its_site(sample_company: Company) -> None:
    rows = sample_company.query(
        """
        select distinct sites.service_hours, tickets.calendar_id
        from marts.fct_tickets as tickets
        inner join marts.dim_sites as sites on tickets.site_id = sites.site_id
        """
    )
    expected = {"standard": "cn_office", "extended": "cn_extended", "24x7": "24x7", None: "24x7"}
    assert {hours for hours, _ in rows} >= {"standard", "extended", "24x7"}
    assert all(calendar_id == expected[hours] for hours, calendar_id in rows)
