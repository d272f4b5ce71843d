"""The call centre: calls are the company's, not a site's."""

from __future__ import annotations

from typing import Final

QUEUES: Final = """
select distinct queue
from marts.agg_calls_by_hour_of_week
where queue <> 'all'
order by queue
"""

# Parameter: queue.
CALL_WEEK: Final = """
select
    iso_weekday, local_hour, hour_count, mean_offered_count, mean_load_erlangs, mean_rostered_agents,
    understaffed_hour_count, is_peak
from marts.agg_calls_by_hour_of_week
where queue = ?
order by iso_weekday, local_hour
"""

# Parameters: first day, last day. All queues together, hour by hour.
CALL_HOURS: Final = """
select hour_at, local_hour, offered_count, rostered_agents, required_agents, agent_gap, local_date
from marts.agg_calls_hourly
where queue = 'all' and local_date between ? and ?
order by hour_at
"""

# Parameters: first day, last day. Where most agents were lacking; less than half an agent is a break.
SHORT_HOURS: Final = """
select
    local_date, local_hour, offered_count, answered_count, abandoned_count, service_level,
    average_speed_of_answer_seconds, rostered_agents, required_agents, agent_gap
from marts.agg_calls_hourly
where queue = 'all' and agent_gap <= -0.5 and local_date between ? and ?
order by agent_gap, offered_count desc, hour_at desc
limit 50
"""

# Parameters: grain, period start.
CALL_QUEUES: Final = """
select
    queue, offered_count, answered_count, abandoned_count, service_level, service_level_low, service_level_high,
    abandonment_share, abandonment_low, abandonment_high, average_speed_of_answer_seconds, average_handle_seconds
from marts.agg_calls_by_queue
where period_grain = ? and period_start_date = ?
order by offered_count desc, queue
"""
