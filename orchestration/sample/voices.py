"""Other voices on quality: public reviews, complaints, mystery shoppers and monitored tickets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample import comments
from orchestration.sample import vocabulary as words
from orchestration.sample.clock import DAY, HOUR, NA, Flags, Ints
from orchestration.sample.feelings import Feelings, choose_themes, write_about
from orchestration.sample.randoms import chance, pick, skewed, spread, stream
from orchestration.sample.tickets import Service
from orchestration.sample.world import COACHING_POINTS, World

COMPLAINT_KINDS = ("响应慢", "配件等待", "服务态度", "维修质量", "收费争议", "产品质量")
SEVERITIES = ("一般", "较重", "严重", "重大")
CAUSES = ("人手不足", "配件短缺", "服务意识", "技术能力", "报价不透明", "产品设计")
OUTCOMES = ("道歉并补偿", "重新维修", "解释沟通", "换机", "退费")
PLATFORMS = ("京东", "天猫", "抖音", "大众点评")
_KIND_OF_THEME = {
    comments.SLOW_RESPONSE: 0,
    comments.SLOW_RESOLUTION: 0,
    comments.PARTS_WAIT: 1,
    comments.ATTITUDE_BAD: 2,
    comments.NOT_FIXED: 3,
    comments.COMMUNICATION_BAD: 2,
    comments.LATE_VISIT: 0,
    comments.PRICE: 4,
    comments.PRODUCT_QUALITY: 5,
}
_SHOPPED_ASPECTS = 4
_MONITORED_ASPECTS = 3
_TIMELINESS = 3


@dataclass(frozen=True)
class Reviews:
    """Public reviews before as-of, in order of time."""

    platform: Ints
    ticket: Ints
    rating: Ints
    at: Ints
    comment: list[str]
    is_english: Flags


@dataclass(frozen=True)
class Complaints:
    """Complaints, also those after as-of, in order of time; a cause is -1 where none was found."""

    ticket: Ints
    kind: Ints
    severity: Ints
    cause: Ints
    outcome: Ints
    raised: Ints
    acknowledged: Ints
    closed: Ints
    comment: list[str]


@dataclass(frozen=True)
class Audits:
    """One element per judged aspect: of a site by a mystery shopper, or of a monitored ticket (-1: none)."""

    is_mystery: Flags
    site: Ints
    technician: Ints
    ticket: Ints
    aspect: Ints
    score: Ints
    at: Ints


def review(seed: int, world: World, service: Service, feelings: Feelings) -> Reviews:
    """Let a few customers publish what they think."""
    rng = stream(seed, "reviews")
    tickets, count = service.tickets, service.delivered
    ticket = np.sort(rng.choice(count, max(round(0.03 * count), min(40, count)), replace=False))
    at = tickets.exit_at[ticket] + skewed(rng, 3 * DAY, 0.8, len(ticket)).astype(np.int64)
    order = np.lexsort((ticket, at))
    order = order[at[order] < world.window.end]
    ticket, at = ticket[order], at[order]
    themes = choose_themes(rng, world, service, feelings, ticket, feelings.csat[ticket] >= 4)
    english = world.company.customers.is_english[tickets.customer[ticket]]
    texts = write_about(rng, world, service, feelings, ticket, themes, english)
    return Reviews(pick(rng, (0.4, 0.3, 0.18, 0.12), len(ticket)), ticket, feelings.csat[ticket], at, texts, english)


def complain(seed: int, world: World, service: Service, feelings: Feelings) -> Complaints:
    """Let the unhappy complain, about what made them unhappy."""
    rng = stream(seed, "complaints")
    tickets, count = service.tickets, service.delivered
    unhappy = chance(rng, np.where(feelings.csat[:count] <= 2, 0.138, 0.008), count)
    # However small the company, its unhappiest customers of old complain.
    old = np.arange(count * 3 // 4)
    unhappy[old[np.argsort(feelings.latent[old], kind="stable")[:3]]] = True
    ticket = np.flatnonzero(unhappy & (tickets.exit[:count] != words.MERGED))
    size = len(ticket)
    duration = np.maximum(tickets.exit_at[ticket] - tickets.created[ticket], HOUR)
    raised = tickets.created[ticket] + (duration * (0.3 + 1.0 * rng.random(size))).astype(np.int64) + HOUR
    order = np.lexsort((ticket, raised))
    ticket, raised = ticket[order], raised[order]
    nobody = np.zeros(size, dtype=np.bool_)
    theme = choose_themes(rng, world, service, feelings, ticket, nobody)
    kind = np.array([_KIND_OF_THEME[index] for index in theme.tolist()], dtype=np.int64)
    acknowledged = raised + skewed(rng, 5 * HOUR, 0.9, size).astype(np.int64)
    cause = np.where(chance(rng, 0.85, size), kind, spread(rng, 0, len(CAUSES), size))
    return Complaints(
        ticket=ticket,
        kind=kind,
        severity=pick(rng, (0.52, 0.31, 0.14, 0.03), size),
        cause=np.where(chance(rng, 0.82, size), cause, -1),
        outcome=pick(rng, (0.3, 0.3, 0.25, 0.08, 0.07), size),
        raised=raised,
        acknowledged=acknowledged,
        closed=acknowledged + skewed(rng, 3.2 * DAY, 0.8, size).astype(np.int64),
        comment=write_about(rng, world, service, feelings, ticket, theme, nobody),
    )


def audit(seed: int, world: World, service: Service, feelings: Feelings) -> Audits:
    """Send a mystery shopper to each site each closed month, and listen to a sample of tickets."""
    rng = stream(seed, "audits")
    tickets, count, staff, window = service.tickets, service.delivered, world.company.staff, world.window
    months, sites = window.closed_month_count, len(words.SITES)
    site = np.repeat(np.tile(np.arange(sites), months), _SHOPPED_ASPECTS)
    shopped = np.repeat(window.month_starts[:months], sites) + spread(rng, 3, 27, months * sites) * DAY + 10 * HOUR
    aspect = np.tile(np.arange(_SHOPPED_ASPECTS), months * sites)
    mood = np.array([staff.attitude[staff.site == index].mean() for index in range(sites)])
    is_late = service.facts.slow_site[site] & (aspect == _TIMELINESS)
    level = 82 + 5 * mood[site] - 6 * is_late + 6 * rng.standard_normal(len(site))
    level += COACHING_POINTS * service.facts.is_coached(site, np.repeat(shopped, _SHOPPED_ASPECTS))
    answered = tickets.responded[:count]
    heard = np.flatnonzero((answered != NA) & (answered < window.end - 9 * DAY))
    heard = np.sort(rng.choice(heard, max(len(heard) * 15 // 1000, min(20, len(heard))), replace=False))
    heard_at = answered[heard] + spread(rng, DAY, 8 * DAY, len(heard))
    monitored, judged = np.repeat(heard, _MONITORED_ASPECTS), np.tile(np.arange(_MONITORED_ASPECTS), len(heard))
    points = 60 + 8 * feelings.aspects[monitored, judged] + rng.integers(-6, 7, len(monitored))
    nothing = np.full(len(site), -1)
    return Audits(
        is_mystery=np.arange(len(site) + len(monitored)) < len(site),
        site=np.concatenate([site, tickets.site[monitored]]),
        technician=np.concatenate([nothing, tickets.agent[monitored]]),
        ticket=np.concatenate([nothing, monitored]),
        aspect=np.concatenate([aspect, judged]),
        score=np.clip(np.concatenate([np.rint(level), points]), 0, 100).astype(np.int64),
        at=np.concatenate([np.repeat(shopped, _SHOPPED_ASPECTS), np.repeat(heard_at, _MONITORED_ASPECTS)]),
    )
