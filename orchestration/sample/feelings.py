"""What customers feel: the true scores of every ticket, and what a comment about it would be about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample import comments
from orchestration.sample import vocabulary as words
from orchestration.sample.clock import DAY, HOUR, NA, Flags, Floats, Ints
from orchestration.sample.company import MEAN_ABILITY
from orchestration.sample.plants import Plant
from orchestration.sample.randoms import pick_rows, stream
from orchestration.sample.requests import REPEAT
from orchestration.sample.tickets import Service
from orchestration.sample.world import World

# Effects on the latent satisfaction, whose noise has standard deviation 1. Attitude: per standard deviation.
ATTITUDE_EFFECT = 0.45
LOG_DAYS_EFFECT = -0.38
LATE_RESPONSE_EFFECT = -0.55
REPEAT_EFFECT = -0.60
REOPENED_EFFECT = -0.55
EXTRA_VISIT_EFFECT = -0.22
BAD_BATCH_EFFECT = -0.30
SKILL_EFFECT = 0.05
SILENCE_WEIGHT = 6.0
"""Weight of poor communication among the themes of the unhappy while no notices are sent; all others have about 3.5."""
_BASE = 1.58
_CUTS = np.array([-1.15, -0.45, 0.30, 1.30])
ASPECTS = ("态度", "沟通", "专业", "及时", "质量", "效果", "友好", "同理心", "产品")
FIRST_ASPECTS = 6
"""Aspects asked from the beginning; the others joined the questionnaire later and have draws of their own."""


@dataclass(frozen=True)
class Feelings:
    """True scores per ticket of the service (meaningful where it was resolved): what everybody would answer."""

    latent: Floats
    csat: Ints
    nps: Ints
    ces: Ints
    aspects: Ints
    """Matrix (ticket, aspect), 1–5, in the order of ASPECTS."""
    days: Floats
    late: Flags


def feel(seed: int, world: World, service: Service) -> Feelings:
    """Decide what the customer of every ticket would answer, if asked and willing."""
    rng = stream(seed, "feelings")
    tickets, staff = service.tickets, world.company.staff
    size = len(tickets.asset)
    days = np.where(tickets.resolved != NA, tickets.resolved - tickets.created, 30 * DAY) / DAY
    answered = tickets.responded != NA
    limit = np.where(tickets.final_priority == words.URGENT, HOUR, DAY)
    late = ~answered | (np.where(answered, tickets.responded - tickets.created, 0) > limit)
    attitude = staff.attitude[tickets.technician]
    skill = (staff.ability[tickets.technician] - MEAN_ABILITY) / 0.45
    speed = LOG_DAYS_EFFECT * (np.log1p(days) - 0.8)
    work = REPEAT_EFFECT * (tickets.origin == REPEAT) + REOPENED_EFFECT * (tickets.reopened != NA)
    work = work + EXTRA_VISIT_EFFECT * np.maximum(tickets.visit_count - 1, 0)
    work = work + BAD_BATCH_EFFECT * world.company.assets.is_bad_batch[tickets.asset]
    is_felt = Plant.FELT_SERVICE not in world.facts.without
    latent = _BASE + ATTITUDE_EFFECT * attitude + speed + LATE_RESPONSE_EFFECT * late + work + SKILL_EFFECT * skill
    latent = (latent if is_felt else np.full(size, _BASE)) + rng.standard_normal(size)
    nps = np.clip(np.rint(6.6 + 1.45 * latent + 1.1 * rng.standard_normal(size)), 0, 10)
    ces = np.clip(np.rint(4.35 + 0.85 * latent + 0.8 * rng.standard_normal(size)), 1, 7)
    timeliness = 1.6 * speed + LATE_RESPONSE_EFFECT * late
    communication = 0.5 * attitude + 0.2 * speed
    own = [0.9 * attitude, communication, 0.35 * skill, timeliness, 0.8 * work + 0.2 * skill, 0.9 * work]
    noise = rng.standard_normal((size, len(own)))
    own += [
        0.8 * attitude,
        0.6 * communication,
        2 * BAD_BATCH_EFFECT * world.company.assets.is_bad_batch[tickets.asset],
    ]
    further = stream(seed, "further-aspects").standard_normal((size, len(own) - FIRST_ASPECTS))
    noise = 0.8 * np.concatenate([noise, further], axis=1)
    felt = (0.55 * latent + 0.75)[:, None] + is_felt * np.stack(own, axis=1) + noise
    return Feelings(
        latent=np.asarray(latent, dtype=np.float64),
        csat=_on_five(latent),
        nps=nps.astype(np.int64),
        ces=ces.astype(np.int64),
        aspects=_on_five(felt),
        days=np.asarray(days, dtype=np.float64),
        late=np.asarray(late, dtype=np.bool_),
    )


def _on_five(latent: Floats) -> Ints:
    return np.asarray(1 + (latent[..., None] > _CUTS).sum(axis=-1), dtype=np.int64)


def choose_themes(
    rng: np.random.Generator, world: World, service: Service, feelings: Feelings, ticket: Ints, good: Flags
) -> Ints:
    """Choose what comments on tickets are about, in proportion to what really went well (`good`) or badly."""
    tickets = service.tickets
    attitude = world.company.staff.attitude[tickets.technician[ticket]]
    days, visits = feelings.days[ticket], tickets.visit_count[ticket]
    again = (tickets.origin[ticket] == REPEAT) | (tickets.reopened[ticket] != NA)
    bad_weights = {
        comments.SLOW_RESPONSE: 2.5 * feelings.late[ticket] + 0.1,
        comments.SLOW_RESOLUTION: np.minimum(days, 12) / 5,
        comments.PARTS_WAIT: 2.5 * tickets.is_short_of_parts[ticket] + 0.5 * (visits > 1),
        comments.ATTITUDE_BAD: 0.6 * np.exp(-0.9 * attitude),
        comments.NOT_FIXED: 2.2 * again + 0.2,
        comments.COMMUNICATION_BAD: 0.35 * np.exp(-0.4 * attitude),
        comments.LATE_VISIT: 0.35 * (tickets.mode[ticket] == words.ON_SITE) + 0.02,
        comments.PRICE: 0.5 * ~tickets.is_warranty[ticket] + 0.05,
        comments.PRODUCT_QUALITY: 0.25 + 1.5 * world.company.assets.is_bad_batch[tickets.asset[ticket]],
    }
    good_weights = {
        comments.FAST: np.exp(-days) + 0.15,
        comments.ATTITUDE_GOOD: 0.5 * np.exp(0.6 * attitude),
        comments.SKILL_GOOD: 0.5 * (visits == 1) + 0.15,
        comments.CLEAR_EXPLANATION: np.full(len(ticket), 0.3),
        comments.PLAIN: np.full(len(ticket), 0.35),
    }
    if Plant.FELT_SERVICE in world.facts.without:
        bad_weights, good_weights = _of_all_alike(bad_weights), _of_all_alike(good_weights)
    is_silent = world.facts.is_silent(tickets.exit_at[ticket])
    bad_weights[comments.COMMUNICATION_BAD] = bad_weights[comments.COMMUNICATION_BAD] + SILENCE_WEIGHT * is_silent
    bad, nice = _pick_themes(rng, bad_weights), _pick_themes(rng, good_weights)
    return np.where(good, nice, bad)


def _of_all_alike(weights: dict[int, Floats]) -> dict[int, Floats]:
    """For each ticket the mean weights of all tickets."""
    return {theme: np.full(len(each), each.mean() if len(each) else 0.0) for theme, each in weights.items()}


def _pick_themes(rng: np.random.Generator, weights: dict[int, Floats]) -> Ints:
    """One theme per ticket, in proportion to its weights."""
    each = np.stack(list(weights.values()), axis=1)
    return np.array(list(weights))[pick_rows(rng, each, np.arange(len(each)))]


def write_about(
    rng: np.random.Generator,
    world: World,
    service: Service,
    feelings: Feelings,
    ticket: Ints,
    themes: Ints,
    english: Flags,
) -> list[str]:
    """Write a comment on each ticket about its theme."""
    tickets = service.tickets
    answered = tickets.responded[ticket] != NA
    waited = np.where(answered, tickets.responded[ticket] - tickets.created[ticket], DAY)
    subjects = comments.Subjects(
        theme=themes,
        is_english=english,
        family=world.company.products.family[tickets.product[ticket]],
        issue=tickets.issue[ticket],
        symptom=tickets.symptom[ticket],
        days=np.rint(feelings.days[ticket]).astype(np.int64),
        hours=waited // HOUR,
    )
    return comments.write_comments(rng, subjects)
