"""Statements to begin with: each answers a question that people ask, and runs as it stands on any published version.

Their names in words are `desk.example_<name>`. A test runs each of them.
"""

from __future__ import annotations

from typing import Final

EXAMPLES: Final[dict[str, str]] = {
    "sites": """\
-- Every site's value of one KPI in the latest complete month, worst first, with its sample and interval.
select
    site_name, round(100 * value, 1) as percent, round(100 * interval_low, 1) as low,
    round(100 * interval_high, 1) as high, eligible_count as tickets, status
from marts.kpi_values
join marts.dim_sites using (site_id)
where kpi_id = 'resolution_sla_attainment' and segment = 'site' and period_grain = 'month'
    and period_start_date = (
        select max(period_start_date) from marts.kpi_values where period_grain = 'month' and is_complete
    )
order by value, site_name
""",
    "kpi_by_hand": """\
-- A KPI from single rows, beside its published value: satisfaction by month.
with by_hand as (
    select
        date_trunc('month', answered_date) as month,
        count(*) filter (where is_top_box) as satisfied, count(*) as answers
    from marts.fct_survey_answers
    where question_kind = 'csat' and aspect = 'overall' and scale_max = 5 and is_valid and is_latest
    group by all
)
select
    by_hand.month, satisfied, answers, satisfied / answers as by_hand, kpi_values.value as published,
    kpi_values.numerator, kpi_values.denominator
from by_hand
join marts.kpi_values
    on kpi_values.period_start_date = by_hand.month and kpi_id = 'csat_top_box_share'
    and period_grain = 'month' and segment = 'all'
order by by_hand.month
""",
    "late": """\
-- Promises that were missed by most, of the last 90 days: which ticket, where, by how many hours.
select
    outcomes.metric, outcomes.ticket_id, site_name, outcomes.priority, outcomes.product_family,
    round(-margin_seconds / 3600, 1) as hours_late, outcomes.outcome, due_at
from marts.fct_sla_outcomes as outcomes
left join marts.dim_sites using (site_id)
where outcomes.outcome like 'breached%'
    and due_date > (select max(due_date) - 90 from marts.fct_sla_outcomes where is_eligible)
order by margin_seconds, outcomes.subject_id
limit 100
""",
    "repeats": """\
-- What a repeat costs: issues that were solved at once beside those that came back, by product family.
with costs as (
    select episode_id, sum(amount) as amount
    from marts.fct_costs
    join (select distinct episode_id, ticket_id from marts.fct_episode_contacts) using (ticket_id)
    group by all
)
select
    product_family, repeat_count > 0 as came_back, count(*) as issues, round(avg(amount), 2) as cost_per_issue,
    round(avg(contact_count), 2) as contacts_per_issue
from marts.fct_episodes
join costs using (episode_id)
where is_resolved
group by all
order by product_family, came_back
""",
    "slow_and_lost": """\
-- Do customers buy again after slow repairs? Repairs in four groups by speed, and the share of their customers who
-- bought within 180 days after. An association: slow repairs may differ in more than speed.
with repairs as (
    select
        customer_id, resolved_at, full_resolution_seconds,
        ntile(4) over (order by full_resolution_seconds, ticket_id) as speed_group
    from marts.fct_tickets
    cross join meta.settings
    where full_resolution_seconds is not null and resolved_at < as_of_at - interval 180 day
)
select
    speed_group, round(min(full_resolution_seconds) / 3600, 1) as from_hours,
    round(max(full_resolution_seconds) / 3600, 1) as to_hours, count(*) as repair_count,
    count(*) filter (where exists (
        from marts.fct_purchases as bought
        where bought.customer_id = repairs.customer_id and bought.is_valid
            and bought.purchased_at > repairs.resolved_at
            and bought.purchased_at <= repairs.resolved_at + interval 180 day
    )) as bought_again,
    round(100 * bought_again / repair_count, 1) as percent
from repairs
group by speed_group
order by speed_group
""",
    "load": """\
-- Calls by weekday and hour of the company's days: offered, answered, and the seconds that callers waited.
select
    isodow(offered_date) as weekday, hour(timezone(time_zone, timezone('UTC', offered_at))) as hour,
    count(*) as offered, count(*) filter (where is_answered) as answered,
    round(avg(wait_seconds) filter (where is_answered)) as mean_wait_seconds
from marts.fct_calls
cross join meta.settings
where direction = 'inbound'
group by all
order by weekday, hour
""",
    "parts": """\
-- Which parts kept visits waiting: lines delivered late or not yet, with the visits that found nothing to fit.
select
    part_name, count(*) as lines, count(*) filter (where not fct_part_lines.is_on_time) as late,
    round(avg(delivery_seconds) / 86400, 1) as mean_days,
    count(distinct fct_visits.visit_id) filter (where non_fix_reason = 'part_missing') as visits_lost
from marts.fct_part_lines
left join marts.fct_visits using (visit_id)
group by all
order by visits_lost desc, late desc, part_name
""",
    "comments": """\
-- What dissatisfied customers wrote lately, with what had been done for them.
select
    answered_date, raw_score, scale_max, comment, tickets.issue_family, tickets.reopen_count,
    round(tickets.full_resolution_seconds / 3600, 1) as hours_to_resolve
from marts.fct_survey_answers as answers
left join marts.fct_tickets as tickets using (ticket_id)
where question_kind = 'csat' and not is_top_box and comment is not null
order by answered_at desc, answer_id
limit 100
""",
    "restated": """\
-- Published numbers that this version restates, and why.
select kpi_id, period_grain, period_start_date, old_value, new_value, change, cause, evidence
from meta.restatements
where segment = 'all'
order by period_start_date desc, kpi_id, period_grain, cause
limit 100
""",
}
