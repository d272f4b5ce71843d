"""Do the drivers stay silent where nothing drives anybody?

The company for it is one made without `Plant.FELT_SERVICE`, so that customers feel whatever was done, and without
`Plant.DRIVEN_AWAY`, so that nobody leaves for it.
"""

from __future__ import annotations

import duckdb

_ALARMS = """
select coalesce(sum(case when verdict = 'association' then 1 else 0 end), 0), count(*)
from (
    select verdict from marts.agg_drivers where driver_kind = 'service'
    union all
    select verdict from marts.agg_driver_responses where band_number = 1
    union all
    select verdict from marts.agg_churn_hazards
    union all
    select verdict from marts.agg_complaint_causes
) as verdicts
where verdict <> 'too_few'
"""


def alarms(warehouse: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Alarms raised and chances to raise one.

    An alarm is an association of what happened with an outcome, of waiting with one, of leaving with a driver, or of
    the cause of complaints with a circumstance; a chance is each of these that had enough to compare. What customers
    say of aspects is left out: they say it in the same survey and the same mood, so that it goes with their
    satisfaction in any company. A value at risk is no alarm of its own: it follows from the hazard.
    """
    row = warehouse.execute(_ALARMS).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])
