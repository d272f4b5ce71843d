"""The planted facts: what was made to happen, where and when, and the size that it turned out to have."""

from __future__ import annotations

import numpy as np

from orchestration.sample import feelings as effects
from orchestration.sample import vocabulary as words
from orchestration.sample.clock import DAY, NA, text_of
from orchestration.sample.comments import COMMUNICATION_BAD, THEMES
from orchestration.sample.commerce import (
    LEAVE_PER_DAY,
    LEAVE_SLOW_SITE,
    RENEWAL,
    Loyalty,
    Purchases,
    bought_again,
    renewals,
)
from orchestration.sample.company import BAD_BATCH_HAZARD
from orchestration.sample.feelings import Feelings
from orchestration.sample.plants import Plant
from orchestration.sample.tickets import Service, Tickets, take
from orchestration.sample.true_kpis import Tree, month_names, number, person, share
from orchestration.sample.world import COACHING_POINTS, SHORT_PARTS, UNDERSTAFFED_DELAY, World

RETURN_DAYS = 180
RENEWAL_GRACE_DAYS = 60


def planted_facts(world: World, service: Service, feelings: Feelings, purchases: Purchases, loyalty: Loyalty) -> Tree:
    """Return each planted fact with its place, time and size, as planted and as it turned out."""
    tickets = take(service.tickets, np.arange(service.delivered))
    staff, without = world.company.staff, world.facts.without
    loads = [round(value, 4) for value in world.facts.load.tolist()]
    told: dict[str, Tree] = {}
    if Plant.PARTS_SHORTAGE not in without:
        told["parts_shortage"] = _shortage(world, tickets)
    if Plant.BAD_BATCH not in without:
        told["bad_batch"] = _bad_batch(world, tickets)
    if Plant.UNDERSTAFFED_MONTH not in without:
        told["understaffed_month"] = _understaffed(world, tickets)
    if Plant.SLOW_SITES not in without:
        told["slow_sites"] = _slow_sites(world, tickets, purchases, loyalty)
    if Plant.COACHED_SITE not in without:
        told["coached_site"] = {
            "site": words.COACHED_SITE,
            "from": _instant(world.facts.coached_from),
            "points_planted": COACHING_POINTS,
        }
    if Plant.SILENT_NOTICES not in without:
        told["silent_notices"] = {
            "from": _instant(world.facts.silent_from),
            "theme": THEMES[COMMUNICATION_BAD],
            "weight_planted": effects.SILENCE_WEIGHT,
        }
    if Plant.FELT_SERVICE not in without:
        told["satisfaction_effects"] = _effects(world, tickets, feelings)
    return {
        **told,
        "technicians": {
            "excellent": person(world, tickets, staff.excellent),
            "poor": person(world, tickets, staff.poor),
        },
        "renewals": _renewals(world, purchases),
        "monthly_load": dict(zip(month_names(world.window), loads, strict=False)),
    }


def _shortage(world: World, tickets: Tickets) -> Tree:
    return {
        "site": words.SHORTAGE_SITE,
        "from": _instant(world.facts.shortage_from),
        "to": _instant(world.facts.shortage_to),
        "parts": world.company.part_number[SHORT_PARTS].tolist(),
        "tickets_that_waited": int(tickets.is_short_of_parts.sum()),
    }


def _bad_batch(world: World, tickets: Tickets) -> Tree:
    assets = world.company.assets
    sold = assets.sold < world.window.end
    others = (assets.product == words.BAD_BATCH_MODEL) & ~assets.is_bad_batch & sold
    is_bad = assets.is_bad_batch[tickets.asset]
    return {
        "batch": world.company.bad_batch,
        "model": str(world.company.products.number[words.BAD_BATCH_MODEL]),
        "fault": words.ISSUES[words.BAD_BATCH_ISSUE],
        "hazard_ratio_planted": BAD_BATCH_HAZARD,
        "units": int((assets.is_bad_batch & sold).sum()),
        "tickets": int(is_bad.sum()),
        "tickets_of_the_fault": int((is_bad & (tickets.issue == words.BAD_BATCH_ISSUE)).sum()),
        "other_units_of_the_model": int(others.sum()),
        "tickets_of_other_units": int(others[tickets.asset].sum()),
    }


def _understaffed(world: World, tickets: Tickets) -> Tree:
    window, facts = world.window, world.facts
    inside, answered = facts.is_understaffed(tickets.created), tickets.responded != NA
    waited = tickets.responded - tickets.created
    month = int(window.month_of(np.array([facts.understaffed_from]))[0])
    return {
        "site": words.SITES[words.HOTLINE].code,
        "month": month_names(window)[month],
        "delay_factor_planted": UNDERSTAFFED_DELAY,
        "tickets": int(inside.sum()),
        "median_first_response_seconds": number(np.median(waited[answered & inside])),
        "median_first_response_seconds_otherwise": number(np.median(waited[answered & ~inside])),
    }


def _slow_sites(world: World, tickets: Tickets, purchases: Purchases, loyalty: Loyalty) -> Tree:
    window, facts = world.window, world.facts
    early = (tickets.resolved != NA) & (tickets.resolved < window.end - RETURN_DAYS * DAY)
    done = take(tickets, early & (tickets.site != words.HOTLINE))
    slow = facts.slow_site[done.site]
    again = bought_again(purchases, done.customer, done.resolved, RETURN_DAYS)
    return {
        "sites": list(words.SLOW_SITES),
        "leave_probability_extra_planted": LEAVE_SLOW_SITE,
        "leave_hazard_per_day_planted": LEAVE_PER_DAY,
        "renewal_probability_planted": RENEWAL,
        "bought_again_within_180d_slow_sites": share(again[slow]),
        "bought_again_within_180d_other_shops": share(again[~slow]),
        "resolved_tickets_slow_sites": int(slow.sum()),
        "customers_who_left": int((loyalty.leaves_at < window.end).sum()),
    }


def _renewals(world: World, purchases: Purchases) -> Tree:
    renewed, ended = renewals(purchases, world.window.end - (RENEWAL_GRACE_DAYS + 1) * DAY)
    return {
        "renewal_probability_planted": RENEWAL,
        "contracts_ended_60_days_before_as_of": ended,
        "renewed": renewed,
    }


def _effects(world: World, tickets: Tickets, feelings: Feelings) -> Tree:
    kind = world.company.staff.attitude[tickets.technician] > 0
    resolved, top = tickets.resolved != NA, feelings.csat[: len(tickets.asset)] >= 4
    return {
        "latent_noise_sd": 1.0,
        "attitude_per_sd": effects.ATTITUDE_EFFECT,
        "log1p_days_to_resolve": effects.LOG_DAYS_EFFECT,
        "late_first_response": effects.LATE_RESPONSE_EFFECT,
        "repeat": effects.REPEAT_EFFECT,
        "reopened": effects.REOPENED_EFFECT,
        "each_further_visit": effects.EXTRA_VISIT_EFFECT,
        "bad_batch": effects.BAD_BATCH_EFFECT,
        "top_box_share_attitude_above_mean": share(top[resolved & kind]),
        "top_box_share_attitude_below_mean": share(top[resolved & ~kind]),
    }


def _instant(seconds: int) -> str:
    return str(text_of(np.array([seconds], dtype=np.int64), "offset")[0])
