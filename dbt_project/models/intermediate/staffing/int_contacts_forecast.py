"""One row per series, method, cut-off and day: what orchestration/analysis/forecasts.py makes of agg_contact_days."""

from orchestration.analysis.forecasts import forecast


def model(dbt, session):  # noqa: ANN001, ANN201, ARG001 - as dbt calls it
    dbt.config(materialized="table", tags=["python"])
    days = dbt.ref("agg_contact_days").df()
    return forecast(days[days["series_state"] == "enough"])
