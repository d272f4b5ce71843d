"""The pages of a pack, one for each view: which KPIs and which figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from app import charts, kpis, queries
from app.charts import Drawing
from app.pack.figures import LIST, by_site, figure_of, trend
from app.pack.parts import Figure, Page
from app.pack.reading import Reading, lines_of
from app.views import cost, response, retention, satisfaction
from app.words import t

_COHORTS = 16


def read_pages(reading: Reading) -> list[Page]:
    return [
        _response(reading),
        _page(
            reading, t("pack.resolution"),
            ("resolution_rate", "first_contact_resolution_rate", "fcr_survey_rate", "first_time_fix_rate",
             "reopen_rate", "repeat_contact_rate", "remote_fix_rate", "unresolved_count"),
            trend(reading, t("pack.first_time"), "first_contact_resolution_rate", "first_time_fix_rate"),
            trend(reading, t("pack.repeats"), "reopen_rate", "repeat_contact_rate"),
            by_site(reading, "first_contact_resolution_rate"),
            by_site(reading, "first_time_fix_rate"),
        ),
        _satisfaction(reading),
        _page(
            reading, t("pack.complaints"),
            ("complaint_rate", "complaints_per_1000_units", "complaint_severe_share", "complaint_recurrence_rate",
             "complaint_acknowledge_time_mean", "complaint_handling_time_mean", "complaint_closed_share"),
            trend(reading, t("pack.complaint_rate"), "complaint_rate"),
            trend(reading, t("pack.complaint_time"), "complaint_handling_time_mean"),
            by_site(reading, "complaint_rate"),
        ),
        _retention(reading),
        _cost(reading),
        _page(
            reading, t("pack.calls"),
            ("call_service_level_20s", "average_speed_of_answer", "call_abandonment_rate", "aht_per_contact",
             "call_transfer_rate", "agent_occupancy", "calls_offered"),
            trend(reading, t("pack.service_level"), "call_service_level_20s", "call_abandonment_rate"),
            trend(reading, t("pack.calls_offered"), "calls_offered"),
        ),
        _page(
            reading, t("pack.network"),
            ("parts_fill_rate", "parts_on_time_rate", "visits_lost_to_parts_rate", "visit_on_time_rate",
             "stock_sufficiency", "stock_cover_days", "coverage_within_50km"),
            trend(reading, t("pack.parts"), "parts_fill_rate", "parts_on_time_rate"),
            trend(reading, t("pack.parts_lost"), "visits_lost_to_parts_rate"),
            trend(reading, t("pack.coverage"), "coverage_within_50km"),
            by_site(reading, "parts_fill_rate"),
        ),
        _page(
            reading, t("pack.team"),
            ("training_hours_per_technician", "certified_technician_share", "technician_utilisation",
             "jobs_per_available_day", "contacts_per_rostered_hour"),
            trend(reading, t("pack.training"), "training_hours_per_technician"),
            trend(reading, t("pack.jobs"), "jobs_per_available_day"),
        ),
    ]  # fmt: skip


def _page(reading: Reading, title: str, kpi_ids: Sequence[str], *figures: Figure | None) -> Page:
    return Page(title, lines_of(reading, kpi_ids), [figure for figure in figures if figure is not None])


def _response(reading: Reading) -> Page:
    scope = reading.scope
    months = scope.read(queries.response.RESPONSE_MONTHS, (*scope.ticket_segment, *scope.trend_range))
    timed = (
        ("first_response", "answered_count", kpis.FIRST_RESPONSE),
        ("resolution", "resolved_count", kpis.RESOLUTION),
    )
    figures = [trend(reading, t("response.attainment"), *kpis.ATTAINMENT)]
    figures += [
        figure_of(
            reading, t(f"response.{metric}"), t(f"response.{metric}_grain"), kpi_ids,
            lambda metric=metric, sample=sample: response.durations(scope, months, metric, sample),  # type: ignore[misc]
            sufficient_feeds=response.FEEDS,
        )
        for metric, sample, kpi_ids in timed
    ]  # fmt: skip
    volume = figure_of(
        reading, t("response.volume"), t("response.volume_grain"), (),
        lambda: None if months.empty else response.volume(scope, months), sufficient_feeds=response.FEEDS,
    )  # fmt: skip
    kpi_ids = (*kpis.RESPONSE_CARDS, *kpis.FIRST_RESPONSE, *kpis.RESOLUTION, "urgent_first_response_attainment")
    return _page(reading, t("page.response"), kpi_ids, *figures, volume, by_site(reading, kpis.ATTAINMENT[0]),
                 by_site(reading, kpis.ATTAINMENT[1]))  # fmt: skip


def _satisfaction(reading: Reading) -> Page:
    scope = reading.scope
    months = scope.read(queries.satisfaction.SATISFACTION_MONTHS, (scope.site_id, scope.family, *scope.trend_range))
    aspects = satisfaction.aspects_of(months)
    scale = "" if aspects.empty else f"{float(aspects['scale_max'].iloc[0]):g}"
    caption = t("satisfaction.aspects_grain", month=scope.last_month.name, scale=scale)
    of_aspects = figure_of(
        reading, t("satisfaction.aspects"), caption, (),
        lambda: None if aspects.empty else satisfaction.aspect_intervals(scope, aspects),
        sufficient_feeds=satisfaction.FEEDS, most=LIST,
    )  # fmt: skip
    kpi_ids = [kpi_id for kpi_id in kpis.SATISFACTION_CARDS if not kpi_id.startswith("complaint")]
    return _page(
        reading, t("page.satisfaction"), kpi_ids, trend(reading, t("pack.csat"), kpis.CSAT),
        trend(reading, t("pack.nps"), kpis.NPS, "nps_transactional"), of_aspects, by_site(reading, kpis.CSAT),
    )  # fmt: skip


def _retention(reading: Reading) -> Page:
    choices = reading.scope.read(queries.retention.COHORT_CHOICES)
    form = "exact"
    rows = pd.DataFrame()
    if not choices.empty:
        first = choices.iloc[0]
        of_company = choices[(choices["activity"] == first["activity"]) & (choices["source"] == "all")]
        source = "all" if len(of_company) else str(first["source"])
        rows = retention.cohort_rows(reading.scope, str(first["activity"]), source, form)
    needed, caption = retention.FEEDS["purchase"], t("retention.triangle_grain", form=t(f"retention.{form}"))
    triangle = figure_of(
        reading, t("retention.triangle"), caption, ("retention_rate",),
        lambda: None if rows.empty else charts.triangle(retention.latest_cohorts(rows, _COHORTS)),
        sufficient_feeds=needed, is_wide=True, most=LIST,
    )  # fmt: skip
    milestones = figure_of(
        reading, t("retention.curves"), t("retention.curves_grain"), ("retention_rate",),
        lambda: None if rows.empty else retention.milestones(rows), sufficient_feeds=needed,
    )  # fmt: skip
    kpi_ids = ("retention_rate", "retention_rate_purchase", "churn_rate", "new_customer_count",
               "returning_customer_count", "repurchase_rate", "renewal_rate", "net_revenue_retention")  # fmt: skip
    kept = trend(reading, t("pack.retention"), "retention_rate", "retention_rate_purchase")
    return _page(reading, t("page.retention"), kpi_ids, triangle, kept, milestones)


def _cost(reading: Reading) -> Page:
    scope = reading.scope
    months = scope.read(queries.cost.COST_MONTHS, (scope.site_id, scope.family, *scope.trend_range))
    month = scope.last_month.name
    grain = t("cost.over_time_grain", detail=t("cost.groups"), currency=scope.company.currency)

    def figure(title: str, caption: str, draw: Callable[[], Drawing | None]) -> Figure:
        return figure_of(reading, title, caption, (kpis.COST_TOTAL,), lambda: None if months.empty else draw(),
                       sufficient_feeds=cost.FEEDS, most=LIST)  # fmt: skip

    kpi_ids = (*kpis.COST_CARDS, "cost_per_ticket_warranty", "cost_per_ticket_paid", "cost_per_resolved_episode",
               "service_fee_per_ticket", "service_fee_cost_share")  # fmt: skip
    return _page(
        reading,
        t("page.cost"),
        kpi_ids,
        figure(t("cost.over_time"), grain, lambda: cost.over_time(scope, months, "groups")),
        figure(
            t("cost.share", month=month), t("cost.share_grain", month=month), lambda: cost.composition(scope, months)
        ),
        trend(reading, t("pack.per_ticket"), "cost_per_ticket"),
        by_site(reading, "cost_per_ticket"),
    )
