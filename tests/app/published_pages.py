"""Rows by hand of the marts about resolution, complaints, calls, sites and parts; see published.py."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

Rows = Iterator[dict[str, Any]]
Period = tuple[str, date, date]

VARIANTS = ("touch", "event", "1d", "3d", "7d", "14d", "30d", "survey")
ISSUES = ("cooling", "noise", "leak")
QUEUES = ("repair", "enquiry")
PARTS = {"p1": "变频主控板", "p2": "Fan motor"}
# A remark as a stranger may write it: it must be shown as text, not obeyed.
HOSTILE_REVIEW = "<script>alert(2)</script> _never again_"


def narrowed(sites: list[str], families: tuple[str, ...]) -> list[dict[str, str]]:
    """The company, each site, each family, and each of both."""
    return (
        [{"segment": "all", "site_id": "all", "product_family": "all"}]
        + [{"segment": "site", "site_id": site, "product_family": "all"} for site in sites]
        + [{"segment": "product_family", "site_id": "all", "product_family": family} for family in families]
        + [
            {"segment": "site_and_product_family", "site_id": site, "product_family": family}
            for site in sites
            for family in families
        ]
    )


def fcr_disagreement(months: list[date], segments: list[dict[str, str]]) -> Rows:
    """Every pair of variants by month and of all time."""
    for grain, starts in (("month", months), ("all", months[:1])):
        for start in starts:
            for segment in segments:
                if segment["segment"] == "site_and_product_family":
                    continue
                for number, first in enumerate(VARIANTS):
                    for second in VARIANTS[number + 1 :]:
                        yield segment | {
                            "variant_a": first, "variant_b": second, "period_grain": grain, "channel": "all",
                            "both_count": 50, "only_a_count": 20, "only_b_count": 10, "neither_count": 20,
                            "ticket_count": 100, "agreement_share": 0.7, "kappa": 0.35, "period_start_date": start,
                        }  # fmt: skip


def repeats_by_issue(periods: list[Period], sites: list[str], families: tuple[str, ...]) -> Rows:
    """Repeats of the company and of each site."""
    for grain, start, _ in periods:
        for site in ("all", *sites):
            for family in families:
                for number, issue in enumerate(ISSUES):
                    yield {
                        "period_grain": grain, "period_start_date": start,
                        "segment": "all" if site == "all" else "site", "site_id": site, "product_family": family,
                        "issue_family": issue, "judged_count": 40, "repeated_count": 4 * number,
                        "repeat_share": number / 10, "repeat_low": number / 20, "repeat_high": number / 5,
                        "share_of_repeats": number / 9, "is_complete": True,
                    }  # fmt: skip


def reasons(periods: list[Period], segments: list[dict[str, str]]) -> Rows:
    """Two reasons of each kind, and the rest."""
    kinds = {"non_fix": ("part_missing", "came_back", "fixed"), "unresolved": ("配件已停产", "other", "resolved")}
    for grain, start, _ in periods:
        for segment in segments:
            for kind, (first, second, rest) in kinds.items():
                for reason, count in ((first, 6), (second, 2), (rest, 72)):
                    is_reason = reason != rest
                    yield segment | {
                        "period_grain": grain, "period_start_date": start, "reason_kind": kind, "reason": reason,
                        "item_count": count, "item_share": count / 80, "reason_share": count / 8 if is_reason else None,
                        "is_reason": is_reason, "is_complete": True,
                    }  # fmt: skip


def episodes(sites: list[str], families: tuple[str, ...], last: date) -> Rows:
    """Issues that came back."""
    for number in range(40):
        first = last - timedelta(days=number * 3)
        at = datetime(first.year, first.month, first.day, 3)
        yield {
            "episode_id": f"ticket:T{number:03}", "identity_state": "known", "first_contact_kind": "ticket",
            "site_id": sites[number % len(sites)], "product_family": families[number % len(families)],
            "channel": "phone", "priority": "normal", "issue_family": ISSUES[number % len(ISSUES)], "contact_count": 4,
            "ticket_count": 2, "reopening_count": 1, "call_count": 1, "own_call_count": 1, "visit_count": 2,
            "repeat_count": 1 + number % 3, "effort_minutes": 95, "has_ticket": True, "is_open": number % 5 == 0,
            "is_resolved": number % 5 != 0, "first_contact_date": first, "first_contact_at": at,
            "last_contact_at": at + timedelta(days=5),
        }  # fmt: skip


def audit_scores(periods: list[Period], segments: list[dict[str, str]]) -> Rows:
    """Both kinds of audit."""
    for grain, start, _ in periods:
        for segment in segments:
            for audit in ("mystery_shopper", "monitoring"):
                for aspect in ("attitude", "communication"):
                    yield segment | {
                        "period_grain": grain, "period_start_date": start, "audit_kind": audit, "aspect": aspect,
                        "score_count": 24, "mean_points": 84.5, "mean_low": 80.0, "mean_high": 89.0,
                        "is_complete": True,
                    }  # fmt: skip


def reviews(sites: list[str], families: tuple[str, ...], last: date) -> Rows:
    """Public reviews; one of them would like to be more than text."""
    for number in range(40):
        day = last - timedelta(days=number)
        yield {
            "review_id": f"r{number:03}", "source": "reviews", "site_id": sites[number % len(sites)],
            "platform": "jd", "product_family": families[number % len(families)],
            "comment": HOSTILE_REVIEW if number % 5 == 1 else "安装很快", "language": "zh", "rating": 4,
            "scale_max": 5, "is_valid": True, "reviewed_date": day,
            "reviewed_at": datetime(day.year, day.month, day.day, 5),
        }  # fmt: skip


def call_hours(last: date, rng: random.Random) -> Rows:
    """Thirty days of hours of all queues; some lack an agent."""
    for number in range(30 * 24):
        day, hour = last - timedelta(days=number // 24), number % 24
        required = 3 if 8 <= hour <= 18 else 1
        rostered = required - 1 if number % 11 == 0 else required + 1
        yield {
            "hour_at": datetime(day.year, day.month, day.day, hour) - timedelta(hours=8), "queue": "all",
            "local_hour": hour, "iso_weekday": day.isoweekday(), "local_date": day, "offered_count": rng.randint(0, 30),
            "answered_count": 5, "answered_in_target_count": 4, "abandoned_count": 1, "short_abandon_count": 0,
            "voicemail_count": 0, "service_level": 0.8, "average_speed_of_answer_seconds": 14.0,
            "average_handle_seconds": 320.0, "talk_seconds": 1, "hold_seconds": 1, "wrap_seconds": 1, "busy_seconds": 1,
            "outbound_busy_seconds": 0, "load_erlangs": 0.7, "rostered_agents": rostered, "target_share": 0.8,
            "target_seconds": 20, "required_agents": required, "agent_gap": rostered - required,
        }  # fmt: skip


def call_week() -> Rows:
    """The mean week of all queues and of each."""
    for queue in ("all", *QUEUES):
        for weekday in range(1, 8):
            for hour in range(24):
                mean = 1 + (6 if 8 <= hour <= 18 else 0) + weekday / 10
                yield {
                    "iso_weekday": weekday, "local_hour": hour, "queue": queue, "hour_count": 70,
                    "offered_count": int(70 * mean), "answered_count": 60, "answered_in_target_count": 50,
                    "abandoned_count": 5, "mean_offered_count": mean, "mean_load_erlangs": mean / 12,
                    "mean_rostered_agents": 3.0 if queue == "all" else None, "understaffed_hour_count": hour,
                    "is_peak": (weekday, hour) == (7, 8),
                }  # fmt: skip


def calls_by_queue(periods: list[Period]) -> Rows:
    """Each queue."""
    for grain, start, _ in periods:
        for queue in QUEUES:
            yield {
                "period_grain": grain, "period_start_date": start, "queue": queue, "offered_count": 300,
                "answered_count": 270, "answered_in_target_count": 240, "abandoned_count": 25, "service_level": 0.8,
                "service_level_low": 0.75, "service_level_high": 0.84, "abandonment_share": 0.08,
                "abandonment_low": 0.05, "abandonment_high": 0.11, "average_speed_of_answer_seconds": 16.0,
                "average_handle_seconds": 340.0, "is_complete": True,
            }  # fmt: skip


def site_layout(periods: list[Period], sites: list[str]) -> Rows:
    """Quarters and years of each site and of the company."""
    for grain, start, _ in periods:
        if grain not in ("quarter", "year"):
            continue
        for number, site in enumerate(("all", *sites)):
            yield {
                "period_grain": grain, "period_start_date": start, "site_id": site,
                "segment": "all" if site == "all" else "site", "site_kind": None if site == "all" else "repair_shop",
                "ticket_count": 100 + number, "visit_count": 90, "travelled_visit_count": 80, "travel_minutes": 2400,
                "travel_mean_minutes": 30.0, "work_minutes": 9000, "available_hours": 400,
                "load_ratio": 0.8 + number / 10,
                "cost_amount": 40000, "cost_per_ticket": 400.0, "cost_ratio": 0.9 + number / 20, "is_complete": True,
            }  # fmt: skip


def sites_monthly(months: list[date], sites: list[str]) -> Rows:
    """Visits of each site and of the company."""
    for month in months:
        for site in ("all", *sites):
            yield {
                "month_start_date": month, "site_id": site, "segment": "all" if site == "all" else "site",
                "ticket_count": 100, "visit_count": 90, "travelled_visit_count": 80, "corrective_visit_count": 70,
                "lost_visit_count": 5, "repeat_visit_count": 4, "work_minutes": 9000,
            }  # fmt: skip


def coverage(months: list[date], regions: tuple[str, ...]) -> Rows:
    """Reach by region and of the company."""
    for month in months:
        for region in ("all", *regions):
            yield {
                "month_start_date": month, "region": region, "segment": "all" if region == "all" else "region",
                "ticket_count": 200, "unlocated_count": 10, "within_50km_count": 170, "within_50km_share": 0.9,
                "within_50km_low": 0.85, "within_50km_high": 0.94, "within_25km_share": 0.7, "within_100km_share": 0.97,
            }  # fmt: skip


def out_of_reach() -> Rows:
    """One city that lies far."""
    yield {
        "region": "华东", "city": "镇江", "nearest_site_id": "s1", "ticket_count": 40, "located_count": 38,
        "unlocated_count": 2, "out_of_reach_count": 30, "nearest_site_km": 64, "gained_count": 30,
        "gained_city_count": 1, "gained_share": 0.03,
    }  # fmt: skip


def parts_sites(months: list[date], sites: list[str]) -> Rows:
    """Each part, of the company and at each site."""
    for month in months:
        for site in ("all", *sites):
            for part, name in PARTS.items():
                yield {
                    "month_start_date": month, "segment": "part" if site == "all" else "site_and_part", "site_id": site,
                    "part_id": part, "part_name": name, "line_count": 20, "judged_line_count": 18,
                    "filled_line_count": 15, "fill_rate": 0.83, "fill_rate_low": 0.6, "fill_rate_high": 0.94,
                    "delivery_mean_seconds": 90000.0, "sufficiency_share": 0.9, "cover_days": 41.0,
                    "last_on_hand_quantity": 12, "last_on_hand_amount": 2400,
                }  # fmt: skip


def part_levers(months: list[date]) -> Rows:
    """Each part against the month before."""
    for month in months[1:]:
        for part, name in PARTS.items():
            yield {
                "month_start_date": month, "part_id": part, "part_kind": "repair", "part_name": name, "quantity": 12,
                "purchase_amount": 1300, "recovery_amount": 100, "spend_amount": 1200, "unit_price_amount": 108.0,
                "previous_spend_amount": 1000, "previous_price_ratio": 1.08, "previous_quantity_effect_amount": 200,
                "previous_price_effect_amount": 90, "previous_recovery_effect_amount": -90, "is_complete": True,
            }  # fmt: skip


def complaints(sites: list[str], families: tuple[str, ...], last: date) -> Rows:
    """Complaints one by one; every fourth is open."""
    for number in range(24):
        day = last - timedelta(days=number * 2)
        is_open = number % 4 == 0
        yield {
            "complaint_id": f"c{number:03}", "source": "crm", "ticket_id": f"crm:T{number:04}",
            "site_id": sites[number % len(sites)], "technician_id": f"t{number % 20:02}",
            "product_family": families[number % len(families)], "complaint_kind": "attitude", "severity": "high",
            "cause": "skill", "outcome": None if is_open else "explained", "acknowledge_seconds": 7200,
            "handling_seconds": None if is_open else 200000, "is_open": is_open, "is_recurrent": number % 6 == 0,
            "raised_date": day, "raised_at": datetime(day.year, day.month, day.day, 2),
        }  # fmt: skip


def complaints_monthly(months: list[date], segments: list[dict[str, str]]) -> Rows:
    """Two types of complaints."""
    for month in months:
        for segment in segments:
            for kind, severity in (("attitude", "high"), ("fee_dispute", "low")):
                yield segment | {
                    "month_start_date": month, "complaint_kind": kind, "severity": severity, "outcome": "explained",
                    "complaint_count": 5, "open_count": 0, "recurrent_count": 1, "acknowledged_count": 5,
                    "handled_count": 5, "acknowledge_seconds": 5 * 7200, "handling_seconds": 5 * 90000,
                }  # fmt: skip


def complaints_by_kind(periods: list[Period], segments: list[dict[str, str]]) -> Rows:
    """Each way to tell complaints apart."""
    kinds = {
        "complaint_kind": ("attitude", "fee_dispute"),
        "severity": ("high", "low"),
        "cause": ("skill", "unclear_prices"),
        "outcome": ("explained", "open"),
    }
    for grain, start, _ in periods:
        for segment in segments:
            for kind_of, (first, second) in kinds.items():
                for kind, count in ((first, 7), (second, 3)):
                    yield segment | {
                        "period_grain": grain, "period_start_date": start, "kind_of": kind_of, "kind": kind,
                        "complaint_count": count, "open_count": 1, "recurrent_count": 1, "acknowledged_count": count,
                        "handled_count": count - 1, "complaint_share": count / 10, "acknowledge_mean_seconds": 7200.0,
                        "handling_mean_seconds": 90000.0, "is_complete": True,
                    }  # fmt: skip


def complaint_causes() -> Rows:
    """Behind skill lie repeats; the rest is chance, or of too few."""
    for segment, cause, circumstance, verdict, tickets, present in (
        ("cause", "skill", "repeat", "association", 40, 12),
        ("cause", "skill", "late_resolution", "chance", 40, 11),
        ("cause", "unclear_prices", "repeat", "chance", 20, 1),
        ("cause", "unclear_prices", "late_resolution", "too_few", 4, 2),
        ("all", "all", "repeat", "chance", 60, 6),
    ):
        yield {
            "segment": segment, "cause": cause, "circumstance": circumstance, "verdict": verdict,
            "ticket_count": tickets, "present_count": present, "present_share": present / tickets,
            "present_low": present / tickets * 0.6, "present_high": min(1.0, present / tickets * 1.6),
            "base_ticket_count": 1_000, "base_share": 0.08, "expected_share": 0.1,
            "chance": None if verdict == "too_few" else 0.0001 if verdict == "association" else 0.4,
            "family_chance": None if verdict == "too_few" else 0.0003 if verdict == "association" else 1.0,
        }  # fmt: skip


def stages(months: list[date], segments: list[dict[str, str]]) -> Rows:
    """Where the time went; the stages of a month share out the whole."""
    shares = (("new", "us", 0.1), ("open", "us", 0.5), ("waiting_parts", "parts", 0.1), ("resolved", "nobody", 0.3))
    for month in months:
        for segment in segments:
            for stage, waits_for, share in shares:
                yield segment | {
                    "month_start_date": month, "channel": "all", "priority": "all", "stage": stage,
                    "waits_for": waits_for, "visit_count": 90, "open_visit_count": 4, "untimed_visit_count": 0,
                    "total_seconds": 100000, "mean_seconds": 36000.0, "life_share": share,
                }  # fmt: skip


def survival(segments: list[dict[str, str]]) -> Rows:
    """Curves of the whole history for every segment but of both, and by year for the company."""
    for segment in segments:
        if segment["segment"] == "site_and_product_family":
            continue
        starts = [("all", date(2025, 1, 1))]
        if segment["segment"] == "all":
            starts += [("year", date(2025, 1, 1)), ("year", date(2026, 1, 1))]
        for grain, start in starts:
            for metric in ("first_response", "resolution"):
                for number, seconds in enumerate((0, 600, 3600, 86400, 604800)):
                    share = 1 - number / 5
                    yield segment | {
                        "metric": metric, "period_grain": grain, "period_start_date": start, "region": "all",
                        "channel": "all", "priority": "all", "time_seconds": seconds, "ticket_count": 500,
                        "at_risk_count": int(500 * share), "event_count": int(500 * (1 - share)),
                        "survival_share": share, "survival_low": share * 0.95 if number else None,
                        "survival_high": min(1.0, share * 1.05) if number else None,
                    }  # fmt: skip


def request_week(channels: tuple[str, ...]) -> Rows:
    """The mean week of requests."""
    for channel in ("all", *channels):
        for weekday in range(1, 8):
            for hour in range(24):
                yield {
                    "iso_weekday": weekday, "local_hour": hour, "channel": channel, "hour_count": 70,
                    "request_count": 70 + hour, "merged_count": 1, "mean_request_count": 1 + hour / 10,
                    "is_peak": (weekday, hour) == (1, 23),
                }  # fmt: skip


def due_hours(sites: list[str], day: date) -> Rows:
    """What falls due in the coming hours."""
    for hour in (8, 9, 14):
        for site in sites:
            yield {
                "site_id": site, "metric": "first_response", "promise_count": hour, "urgent_count": 1, "due_hour": hour,
                "due_date": day,
            }  # fmt: skip


def survey_funnel(periods: list[Period], segments: list[dict[str, str]]) -> Rows:
    """Both kinds of survey."""
    for grain, start, _ in periods:
        for segment in segments:
            for kind in ("transactional", "relationship"):
                yield segment | {
                    "period_grain": grain, "period_start_date": start, "survey_kind": kind, "survey_channel": "all",
                    "invited_count": 200, "immature_count": 20, "answered_count": 70, "late_count": 5,
                    "unanswered_count": 105, "valid_count": 65, "top_box_count": 52, "response_share": 70 / 180,
                    "satisfied_share": 0.8, "satisfied_low": 0.69, "satisfied_high": 0.88,
                    "satisfied_if_others_unhappy": 52 / 180, "satisfied_if_others_happy": 167 / 180,
                    "is_complete": True,
                }  # fmt: skip


def satisfaction_scores(months: list[date], segments: list[dict[str, str]], aspects: tuple[str, ...]) -> Rows:
    """Each point of the scale, of each aspect."""
    for month in months:
        for segment in segments:
            if segment["segment"] == "site_and_product_family":
                continue
            for aspect in aspects:
                for point in range(1, 6):
                    yield segment | {
                        "month_start_date": month, "question_kind": "aspect", "survey_kind": "transactional",
                        "aspect": aspect, "scale_max": 5, "score_point": point, "answer_count": 10,
                        "answer_share": 0.2,
                    }  # fmt: skip


def cost_change(periods: list[Period]) -> Rows:
    """The change against the period before and against the year before."""
    splits = {"cost_total": ("site", "product_family", "component"), "cost_per_ticket": ("site", "product_family")}
    for grain, start, _ in periods:
        if grain == "all":
            continue
        for comparison, compared in (
            ("previous", start - timedelta(days=31)),
            ("year_before", date(start.year - 1, start.month, 1)),
        ):
            for measure, segments in splits.items():
                for segment in segments:
                    yield {
                        "period_grain": grain, "period_start_date": start, "comparison": comparison,
                        "measure": measure, "segment": segment, "value_before": 100000.0, "volume_effect": 9000.0,
                        "mix_effect": -1500.0, "rate_effect": 2500.0, "value_after": 110000.0, "is_comparable": True,
                        "compared_start_date": compared,
                    }  # fmt: skip


def reconciliation(months: list[date], sites: list[str]) -> Rows:
    """Rows of the ledger; one of each month is not that of the delivered books."""
    for month in months:
        for number, site in enumerate(sites):
            difference = 0 if number else 12.5
            yield {
                "month_start_date": month, "site_id": site, "component": "wage", "ledger_amount": 5000,
                "allocated_amount": 4500, "call_without_ticket_amount": 300, "unallocated_amount": 200,
                "difference_amount": 0, "delivered_ledger_amount": 5000 - difference,
                "delivered_difference_amount": difference, "unpriced_count": 0, "is_reconciled": True,
                "is_reconciled_with_books": not difference,
            }  # fmt: skip


def customer_flows(periods: list[Period]) -> Rows:
    """Customers who came and left; service has no amounts."""
    for grain, start, _ in periods:
        for activity in ("product_use", "purchase", "service"):
            amount = None if activity == "service" else 1000
            yield {
                "period_grain": grain, "period_start_date": start, "activity": activity, "start_count": 1000,
                "new_count": 60, "returning_count": 20, "retained_count": 950, "churned_count": 55, "end_count": 1025,
                "amount": amount, "new_amount": amount, "returning_amount": amount, "retained_amount": amount,
                "churned_amount": amount, "lost_amount": amount, "retention_share": 0.95, "is_mature": True,
                "is_complete": True,
            }  # fmt: skip


def drivers() -> Rows:
    """Effects of every outcome: told from chance, not told, and of too few."""
    effects = (
        ("service", "late_resolution", "association", -0.2), ("service", "late_first_response", "chance", -0.05),
        ("service", "repeat", "too_few", None), ("aspect", "attitude", "association", -0.4),
        ("aspect", "quality", "chance", -0.1),
    )  # fmt: skip
    for outcome, unit, factor in (("csat", "share", 1), ("nps", "points", 100), ("repurchase", "share", 0.5)):
        for kind, driver, verdict, effect in effects:
            is_told = effect is not None
            yield {
                "outcome": outcome, "driver": driver, "driver_kind": kind, "unit": unit,
                "adjusted_for": "site_priority" if is_told else "none", "verdict": verdict, "exposed_count": 60,
                "unexposed_count": 200, "compared_exposed_count": 50 if is_told else 0,
                "compared_unexposed_count": 150 if is_told else 0, "excluded_count": 3, "immature_count": 0,
                "exposed_value": 0.6 * factor, "unexposed_value": 0.85 * factor,
                **_bounded("crude", "crude_difference", effect, factor, -0.05),
                **_bounded("adjusted", "adjusted_difference", effect, factor, 0.0),
            }  # fmt: skip


def driver_responses() -> Rows:
    """Waiting by band: the resolution matters, the first response cannot be told to."""
    bands = (("first_response_time", (3600, 14400, 86400)), ("resolution_time", (86400, 259200, 604800)))
    for outcome, unit, factor in (("csat", "share", 1), ("nps", "points", 100), ("repurchase", "share", 0.5)):
        for driver, ends in bands:
            step = -0.1 if driver == "resolution_time" else -0.01
            for number, (over, to) in enumerate(zip((0, *ends), (*ends, None), strict=True)):
                effect = number * step if number else None
                value = (0.9 + number * step) * factor
                yield {
                    "outcome": outcome, "driver": driver, "band_number": number + 1, "over_seconds": over,
                    "to_seconds": to, "unit": unit, "adjusted_for": "priority",
                    "verdict": "association" if driver == "resolution_time" else "chance",
                    "item_count": 90 - 15 * number,
                    "value": value, "value_low": value - 0.05 * factor, "value_high": value + 0.04 * factor,
                    "adjusted_value": value, **_bounded("adjusted", "adjusted_difference", effect, factor, 0.0),
                    **_bounded("step", "step_difference", step, factor, 0.0),
                }  # fmt: skip


def churn_hazards() -> Rows:
    """Slow sites drive customers away; late resolutions cannot be told to, reopenings are too few."""
    judged = (("slow_site", "association", 1.5), ("late_resolution", "chance", 1.1), ("reopened", "too_few", None))
    for driver, verdict, ratio in judged:
        yield {
            "driver": driver, "adjusted_for": "none" if ratio is None else "customer_history", "verdict": verdict,
            "exposed_customer_count": 80, "unexposed_customer_count": 900, "exposed_leaver_count": 40,
            "unexposed_leaver_count": 300, "exposed_years": 60.0, "unexposed_years": 700.0, "exposed_hazard": 0.67,
            "unexposed_hazard": 0.43, "crude_ratio": 1.6, "crude_low": 1.2, "crude_high": 2.0, "hazard_ratio": ratio,
            "hazard_ratio_low": ratio and ratio * 0.8, "hazard_ratio_high": ratio and ratio * 1.25,
        }  # fmt: skip


def values_at_risk() -> Rows:
    """Value at risk where the excess is told from none, and nothing elsewhere."""
    for driver, is_shown in (("slow_site", True), ("late_resolution", False), ("reopened", False)):
        yield {
            "driver": driver, "is_shown": is_shown, "customer_count": 120, "yearly_amount": 400_000,
            "excess_share": 0.2 if is_shown else None, "expected_leaver_count": 24.0 if is_shown else None,
            "value_at_risk": 80_000.0 if is_shown else None, "value_at_risk_low": 40_000.0 if is_shown else None,
            "value_at_risk_high": 120_000.0 if is_shown else None,
        }  # fmt: skip


def _bounded(name: str, column: str, effect: float | None, factor: float, shift: float) -> dict[str, Any]:
    """An effect with its interval."""
    if effect is None:
        return {column: None, f"{name}_low": None, f"{name}_high": None}
    value = effect + shift
    return {column: value * factor, f"{name}_low": (value - 0.08) * factor, f"{name}_high": (value + 0.08) * factor}


def class_scores(periods: list[Period], sites: list[str], regions: dict[str, str] | tuple[str, ...]) -> Rows:
    """Every class of the company, each site and region; nothing of customers is scored enough at sites."""
    places = [("all", "all"), *((site, "all") for site in sites), *(("all", region) for region in regions)]
    for grain, start, _ in periods:
        for site, region in places:
            for number, kpi_class in enumerate(("financial", "customer", "internal", "learning")):
                is_enough = kpi_class != "customer" or (site, region) == ("all", "all")
                yield {
                    "period_grain": grain, "period_start_date": start, "kpi_class": kpi_class,
                    "segment": "site" if site != "all" else "region" if region != "all" else "all", "site_id": site,
                    "region": region, "class_score": 50.4 + 10 * number + start.month if is_enough else None,
                    "scored_weight": 85.0 if is_enough else 40.0, "scored_kpi_count": 3 + number,
                }  # fmt: skip


def labor_levers(months: list[date], sites: list[str]) -> Rows:
    """Two technicians at each site, three a month later, and agents at the first; the last month is not booked."""
    for month in months:
        is_booked = month != months[-1]
        for number, site in enumerate(sites):
            for role in ("technician", "agent")[: 2 if number == 0 else 1]:
                before = {
                    f"{comparison}_{name}": value if is_booked else None
                    for comparison in ("previous", "year_before")
                    for name, value in {
                        "head_count": 2, "pay_amount": 10_000, "heads_effect_amount": 5_250,
                        "pay_effect_amount": 1_250,
                    }.items()
                }  # fmt: skip
                yield before | {
                    "month_start_date": month, "site_id": site, "work_role": role, "head_count": 3,
                    "pay_amount": 16_500, "is_booked": is_booked,
                }  # fmt: skip


def requests_by_kind(months: list[date]) -> Rows:
    """Two KPIs by the complexity and the service mode of the requests."""
    kinds = {"complexity": ("simple", "medium", "unknown"), "service_mode": ("on_site", "remote")}
    for kpi_id in ("first_response_sla_attainment", "resolution_time_mean"):
        for month in months:
            for kind_of, members in kinds.items():
                for number, kind in enumerate(members):
                    yield {
                        "kpi_id": kpi_id, "kind_of": kind_of, "kind": kind, "month_start_date": month,
                        "value": 0.9 - 0.1 * number if kpi_id.endswith("attainment") else 7_200.0 * (number + 1),
                        "eligible_count": 40 - 10 * number,
                    }  # fmt: skip


def reference_values() -> Rows:
    """A claim with both values, a measured one with the change alone, and one that is no longer in force."""
    for number, (kpi_id, before, after, change, until) in enumerate(
        (
            ("first_response_time_mean", 43_200.0, 21_600.0, -0.5, None),
            ("handling_time_mean", None, None, -0.3, None),
            ("csat_top_box_share", 0.6, 0.7, 0.1667, date(2020, 1, 1)),
        )
    ):
        yield {
            "reference_id": f"r{number}", "kind": "reference_case", "kpi_id": kpi_id, "source_en": "Report of others",
            "source_zh": "他人报告", "reason": "test", "value_before": before, "value_after": after,
            "relative_change": change, "is_claim": number == 0, "valid_from_date": date(1990, 1, 1),
            "valid_to_date": until,
        }  # fmt: skip
