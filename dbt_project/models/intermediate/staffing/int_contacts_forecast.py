# Contacts of the days ahead, and what would have been said of past days: orchestration/analysis/forecasts.py says how.
from orchestration.analysis.forecasts import forecast


def model(dbt, session):  # noqa: ANN001, ANN201, ARG001 - dbt calls it
    dbt.config(materialized="table")
    days = dbt.ref("agg_contact_days").df()
    return forecast(days[days["series_state"] == "enough"])
