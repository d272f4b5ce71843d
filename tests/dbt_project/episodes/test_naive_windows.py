"""Window FCR looks forward: who counts tickets whose window has not passed sees fewer repeats than there are."""

from __future__ import annotations

import duckdb
import pytest

from tests.dbt_project.episodes.sql import render

TRUE_RATE = 0.782
NAIVE_RATE = 0.824
# 5,000 tickets resolved evenly over the 18 days before as-of, of which 21.8 % come back evenly within 7 days: of those
# resolved in the last 7 days half the repeats are still to come, so 0.218 · (1 − 7/18 · 1/2) = 17.6 % are seen.
WORLD = """
    create table stg_build_settings as select timestamp '2026-07-01' as as_of_at;
    create table worked as
        select
            cast(i as varchar) as ticket_id,
            timestamp '2026-07-01' - to_microseconds(cast(18 * 86400e6 * (i + 0.5) / 5000 as bigint))
                as first_resolved_at,
            first_resolved_at + to_microseconds(cast(7 * 86400e6 * ((i * 0.6180339887) % 1) as bigint)) as repeat_at,
            (i * 0.7548776662) % 1 < 0.218 as is_repeated
        from range(5000) as tickets (i);
    create table int_tickets_followed as
        select
            ticket_id, ticket_id as episode_id, 'k' as technician_id, 'resolved' as exit_kind,
            'known' as identity_state, 1 as agent_reply_count, 0 as reopen_count, true as is_from_events,
            false as is_handed_over, false as is_held, false as has_work_order, first_resolved_at,
            case when is_repeated and repeat_at <= timestamp '2026-07-01' then repeat_at end as next_contact_at
        from worked;
    create table int_tickets_classified as
        select ticket_id, 's' as site_id, 'f' as product_family, 'c' as channel, 'p' as priority from worked;
"""


def test_only_mature_tickets_give_the_true_rate() -> None:
    with duckdb.connect() as con:
        con.execute(WORLD)
        con.execute(f"create table resolutions as ({render('marts/facts/fct_ticket_resolutions')})")
        mature, naive, judged = con.execute("""
            select
                avg(cast(is_fcr_7d as integer)),
                avg(cast(coalesce(next_contact_at > first_resolved_at + interval 7 day, true) as integer)),
                count(is_fcr_7d)
            from resolutions
        """).fetchone() or (0, 0, 0)
    assert mature == pytest.approx(TRUE_RATE, abs=0.006)
    assert naive == pytest.approx(NAIVE_RATE, abs=0.006)
    assert judged == pytest.approx(5000 * 11 / 18, abs=2)
