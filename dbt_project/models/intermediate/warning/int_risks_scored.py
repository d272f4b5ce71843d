# What the past was judged to bring, and what is open now: orchestration/analysis/risks.py says how.
from orchestration.analysis.risks import score_all


def model(dbt, session):  # noqa: ANN001, ANN201, ARG001 - dbt calls it
    dbt.config(materialized="table")
    return score_all(dbt.ref("int_risk_ticket_moments").df(), dbt.ref("int_risk_customer_moments").df())
