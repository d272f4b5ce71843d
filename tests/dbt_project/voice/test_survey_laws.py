"""The contact cap, the survey funnel and the intervals against plain Python and statsmodels."""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint  # type: ignore[import-untyped]

from tests.dbt_project.rendered import model_sql

START = datetime(2026, 1, 1, 8)
CAP = timedelta(days=30)

answers = st.lists(
    # Whole days, give or take an hour: most gaps lie at the edge of the cap.
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(["relationship", "transactional"]),
        st.builds(lambda tens, hour: 240 * tens + hour, st.integers(0, 9), st.integers(0, 1)),
    ),
    min_size=1,
    max_size=30,
)


@given(answers)
@settings(max_examples=30, deadline=None)
def test_the_contact_cap_is_what_going_through_the_answers_in_order_gives(
    given_answers: list[tuple[int, str, int]],
) -> None:
    """One counted answer per customer and kind in any 30 days, and none left out without one before it."""
    with duckdb.connect() as con:
        con.execute("create table stg_build_settings as select timestamp '2027-01-01' as as_of_at")
        con.execute(
            "create table int_tickets_classified (ticket_id varchar, customer_id varchar, technician_id varchar, "
            "site_id varchar, product_family varchar, channel varchar, priority varchar)"
        )
        con.execute(
            "create table stg_survey_answers as select '' as answer_id, '' as source, '' as invitation_id, "
            "'' as customer_id, '' as ticket_id, '' as technician_id, '' as question_kind, '' as survey_kind, "
            "'' as aspect, 0::decimal(9,3) as raw_score, 0::decimal(9,3) as scale_min, 0::decimal(9,3) as scale_max, "
            "'' as polarity, '' as comment, '' as language, timestamp '2026-01-01' as answered_at limit 0"
        )
        con.executemany(
            "insert into stg_survey_answers values (?, 's', null, ?, null, null, 'nps', ?, null, 9, 0, 10, null, null, "
            "null, ?)",
            [
                [f"{number:02}", f"c{who}", kind, START + timedelta(hours=hours)]
                for number, (who, kind, hours) in enumerate(given_answers)
            ],
        )
        found = dict(
            con.execute(
                f"select answer_id, is_within_contact_cap from ({model_sql('int_survey_answers_judged')})"
            ).fetchall()
        )
    last_counted: dict[tuple[int, str], datetime] = {}
    expected = {}
    in_order = sorted(enumerate(given_answers), key=lambda entry: (entry[1][2], entry[0]))
    for number, (who, kind, hours) in in_order:
        at, before = START + timedelta(hours=hours), last_counted.get((who, kind))
        expected[f"{number:02}"] = before is not None and at < before + CAP
        if not expected[f"{number:02}"]:
            last_counted[who, kind] = at
    assert found == expected


STATES = ("immature", "answered", "late", "unanswered")
invitations = st.lists(
    st.tuples(st.sampled_from(STATES), st.sampled_from([True, False, None]), st.sampled_from("ab"), st.integers(1, 6)),
    min_size=1,
    max_size=40,
)


@given(invitations)
@settings(max_examples=25, deadline=None)
def test_the_bounds_hold_whatever_the_silent_think(asked: list[tuple[str, bool | None, str, int]]) -> None:
    """The funnel adds up, and the true share, should all or none or any of the silent be satisfied, lies within the
    bounds, as does what was found."""
    with duckdb.connect() as con:
        con.execute(
            "create table int_kpi_survey_invitations (survey_kind varchar, survey_channel varchar, site_id varchar, "
            "product_family varchar, response_state varchar, is_satisfied boolean, sent_date date)"
        )
        con.executemany(
            "insert into int_kpi_survey_invitations "
            "values ('transactional', 'sms', ?, 'f', ?, ?, make_date(2026, ?, 5))",
            [[site, state, satisfied, at] for state, satisfied, site, at in asked],
        )
        con.execute(
            "create table int_kpi_periods as select 'year' as period_grain, date '2026-01-01' as period_start_date, "
            "date '2026-12-31' as period_end_date, false as is_complete"
        )
        rows = con.execute(
            "select segment, site_id, invited_count, immature_count, answered_count, late_count, unanswered_count, "
            "valid_count, top_box_count, satisfied_share, satisfied_if_others_unhappy, satisfied_if_others_happy "
            f"from ({model_sql('agg_survey_funnel')}) where segment in ('all', 'site')"
        ).fetchall()
    assert {row[1] for row in rows} == {"all", *(entry[2] for entry in asked)}
    for segment, site, invited, immature, answered, late, unanswered, valid, top, share, low, high in rows:
        own = [entry for entry in asked if segment == "all" or entry[2] == site]
        assert (invited, invited) == (len(own), immature + answered + late + unanswered)
        told = [satisfied for state, satisfied, *_ in own if state == "answered" and satisfied is not None]
        assert (valid, top) == (len(told), sum(told))
        silent = sum(state != "immature" for state, *_ in own) - valid
        if not told:
            assert (share, low, high) == (None, None, None)
            continue
        assert low <= share <= high
        for happy in range(silent + 1):
            assert low - 1e-12 <= (top + happy) / (valid + silent) <= high + 1e-12
        assert low == pytest.approx(top / (valid + silent))
        assert high == pytest.approx((top + silent) / (valid + silent))


@given(st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
@settings(max_examples=60, deadline=None)
def test_wilson_is_that_of_statsmodels(sample: tuple[int, int]) -> None:
    count, trials = sample
    with duckdb.connect() as con:
        con.execute(
            "create table int_kpi_periods as select 'year' as period_grain, date '2026-01-01' as period_start_date, "
            "date '2026-12-31' as period_end_date, false as is_complete"
        )
        con.execute(
            "create table fct_survey_answers as select 'csat' as question_kind, 'transactional' as survey_kind, "
            "'overall' as aspect, 5::decimal(9,3) as scale_max, 's' as site_id, 'f' as product_family, 'c' as channel, "
            "'p' as priority, true as is_valid, true as is_latest, i < ? as is_top_box, "
            "case when i < ? then 5 else 2 end::decimal(9,3) as raw_score, date '2026-03-01' as answered_date "
            "from range(?) as numbers (i)",
            [count, count, trials],
        )
        low, high = con.execute(
            f"select top_box_low, top_box_high from ({model_sql('agg_satisfaction_aspects')}) where segment = 'all'"
        ).fetchall()[0]
    expected = proportion_confint(count, trials, alpha=0.05, method="wilson")
    assert (low, high) == pytest.approx(expected, abs=1e-12)
