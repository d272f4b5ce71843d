"""Surveys: who is invited after a service or once a quarter, who answers, and what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample import comments
from orchestration.sample.clock import HOUR, MINUTE, NA, Flags, Ints
from orchestration.sample.feelings import ASPECTS, FIRST_ASPECTS, Feelings, choose_themes, write_about
from orchestration.sample.randoms import chance, pick, sigmoid, skewed, spread, stream
from orchestration.sample.requests import REPEAT
from orchestration.sample.tickets import Service, stack, take
from orchestration.sample.world import World

METRICS = ("满意度", "NPS", "CES", "分项", "一次解决")
CSAT, NPS, CES, ASPECT, FCR = range(5)
CHANNELS = ("短信", "微信", "APP", "电话")
PHONE = 3
_PANEL_SHARE = 1 / 60


@dataclass(frozen=True)
class Invitations:
    """One element per invitation, in order of sending; `ticket` is -1 where it asks about the relationship."""

    customer: Ints
    ticket: Ints
    channel: Ints
    sent: Ints


@dataclass(frozen=True)
class Answers:
    """One element per answered question, in order of time; `invitation` by position, `aspect` -1 where none."""

    invitation: Ints
    metric: Ints
    aspect: Ints
    score: Ints
    at: Ints


@dataclass(frozen=True)
class Surveys:
    """All invitations and answers, also those after as-of; comments by position of the answer, None where none."""

    invitations: Invitations
    answers: Answers
    comment: list[str | None]
    language: list[str | None]
    theme_counts: dict[str, int]
    """Comments before as-of by theme."""


def survey(seed: int, world: World, service: Service, feelings: Feelings) -> Surveys:
    """Invite most resolved tickets, and some customers each quarter; the very content and the angry answer more."""
    rng = stream(seed, "surveys")
    invitations = _invite(rng, world, service)
    answers = _ask(rng, stream(seed, "further-questions"), service, feelings, invitations)
    comment: list[str | None] = [None] * len(answers.at)
    language: list[str | None] = [None] * len(answers.at)
    writes = (answers.metric == CSAT) & chance(rng, np.where(answers.score >= 4, 0.30, 0.55), len(answers.at))
    written = np.flatnonzero(writes)
    about = invitations.ticket[answers.invitation[written]]
    themes = choose_themes(rng, world, service, feelings, about, feelings.csat[about] >= 4)
    by_customer = world.company.customers.is_english[service.tickets.customer[about]]
    english = by_customer | chance(rng, 0.03, len(about))
    texts = write_about(rng, world, service, feelings, about, themes, english)
    for row, text, is_english in zip(written.tolist(), texts, english.tolist(), strict=True):
        comment[row], language[row] = text, "en" if is_english else "zh"
    seen = answers.at[written] < world.window.end
    counts = np.bincount(themes[seen], minlength=len(comments.THEMES)).tolist()
    return Surveys(invitations, answers, comment, language, dict(zip(comments.THEMES, counts, strict=True)))


def _invite(rng: np.random.Generator, world: World, service: Service) -> Invitations:
    tickets, count = service.tickets, service.delivered
    asked = np.flatnonzero((tickets.resolved[:count] != NA) & chance(rng, 0.72, count))
    asked_at = tickets.resolved[asked] + spread(rng, 30 * MINUTE, 20 * HOUR, len(asked))
    customers, quarters = len(world.company.customers.site), world.window.month_starts[2:-1:3]
    panel_size = max(round(customers * _PANEL_SHARE), 3)
    panel = np.concatenate([np.sort(rng.choice(customers, panel_size, replace=False)) for _ in quarters])
    panel_at = np.repeat(quarters, panel_size) + spread(rng, 10 * HOUR, 18 * HOUR, len(panel))
    size = len(asked) + len(panel)
    invitations = Invitations(
        customer=np.concatenate([tickets.customer[asked], panel]),
        ticket=np.concatenate([asked, np.full(len(panel), -1)]),
        channel=pick(rng, (0.45, 0.30, 0.18, 0.07), size),
        sent=np.concatenate([asked_at, panel_at]),
    )
    return take(invitations, np.lexsort((np.arange(size), invitations.sent)))


def _ask(
    rng: np.random.Generator,
    further: np.random.Generator,
    service: Service,
    feelings: Feelings,
    invitations: Invitations,
) -> Answers:
    tickets, size = service.tickets, len(invitations.sent)
    mood = np.where(invitations.ticket >= 0, feelings.latent[invitations.ticket], 1.5)
    willing = sigmoid(-1.25 + 0.45 * np.maximum(mood - 2.2, 0) + 0.38 * np.maximum(0.6 - mood, 0))
    who = np.flatnonzero(chance(rng, willing, size))
    every, about = len(who), invitations.ticket[who]
    at = invitations.sent[who] + skewed(rng, 5 * HOUR, 1.2, every).astype(np.int64)
    after_service = about >= 0
    blocks: list[Answers] = []

    def ask(asked: Flags, metric: int, scores: Ints, aspect: int = -1) -> None:
        rows = np.flatnonzero(asked)
        fixed = np.zeros(len(rows), dtype=np.int64)
        blocks.append(Answers(who[rows], fixed + metric, fixed + aspect, scores[rows], at[rows]))

    relation = np.clip(np.rint(8.2 + 1.5 * rng.standard_normal(every)), 0, 10).astype(np.int64)
    ask(after_service, CSAT, feelings.csat[about])
    ask(after_service & chance(rng, 0.85, every), NPS, feelings.nps[about])
    ask(~after_service, NPS, relation)
    ask(after_service & chance(rng, 0.55, every), CES, feelings.ces[about])
    rates_aspects = after_service & chance(rng, 0.6, every)
    for aspect in range(len(ASPECTS)):
        draws = rng if aspect < FIRST_ASPECTS else further
        ask(rates_aspects & chance(draws, 0.95, every), ASPECT, feelings.aspects[about, aspect], aspect)
    solved_once = (tickets.visit_count <= 1) & (tickets.reopened == NA) & (tickets.origin != REPEAT)
    says_solved = (solved_once[about] ^ chance(rng, 0.06, every)).astype(np.int64)
    ask(after_service & chance(rng, 0.4, every), FCR, says_solved)
    answers = stack(blocks)
    return take(answers, np.lexsort((np.arange(len(answers.at)), answers.at)))
