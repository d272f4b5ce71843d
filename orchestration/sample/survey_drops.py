"""Drops of the survey tool as delivered at as-of: invitations and answers by month, and public reviews."""

from __future__ import annotations

import numpy as np

from orchestration.sample.clock import Ints, text_of
from orchestration.sample.feelings import ASPECTS
from orchestration.sample.randoms import chance
from orchestration.sample.rows import (
    Files,
    Rows,
    changed,
    fill,
    join_rows,
    numbers,
    pick_rows_at,
    some,
    split_files,
    words_at,
)
from orchestration.sample.scene import SITE_CODES, Scene
from orchestration.sample.surveys import CES, CHANNELS, CSAT, FCR, METRICS, NPS, PHONE, Surveys
from orchestration.sample.tickets import take
from orchestration.sample.voices import PLATFORMS, Reviews

_SCALES = {NPS: (0, 10), CES: (1, 7), FCR: (0, 1)}
_USUAL_SCALE = (1, 5)
# On the phone the keys 1 to 3 are asked for: the unhappy two, the middle and the happy two of five fall together.
_ON_THREE = np.array([1, 1, 2, 3, 3])


def survey_files(scene: Scene, surveys: Surveys) -> Files:
    """Invitations and answers, one file per month each; some answers late or twice, some scores out of scale."""
    return _invitation_files(scene, surveys) | _answer_files(scene, surveys)


def _months(scene: Scene, kind: str) -> dict[int, str]:
    """File of each month that has begun before as-of."""
    starts = scene.window.month_starts[:-1]
    names = text_of(starts[starts < scene.window.end], "date").tolist()
    return {index: f"surveys/{kind}_{text[:7]}.ndjson" for index, text in enumerate(names)}


def _invitation_numbers(index: Ints) -> list[str]:
    return [f"IV{number + 1:08d}" for number in index.tolist()]


def _invitation_files(scene: Scene, surveys: Surveys) -> Files:
    rng, dirt, window = scene.stream("invitation-files"), scene.dirt, scene.window
    months = _months(scene, "invitations")
    sent = take(surveys.invitations, surveys.invitations.sent < window.end)
    rows: Rows = {
        "iid": np.array(_invitation_numbers(np.arange(len(sent.sent))), dtype=object),
        "customerNo": scene.company.customers.number[sent.customer],
        "orderNo": scene.orders.number[sent.ticket],
        "via": words_at(CHANNELS, sent.channel),
        "sentAt": text_of(sent.sent, "offset"),
    }
    doubles = some(rng, len(sent.sent), 0.001)
    dirt.supersede("survey_invitations", "duplicate", len(doubles))
    bad = changed(pick_rows_at(rows, np.arange(2)), iid=np.array([None, "IVBAD2"], dtype=object))
    bad["sentAt"][1] = "2025-04-31T10:00:00+08:00"
    dirt.reject("survey_invitations", "missing_key", 1)
    dirt.reject("survey_invitations", "bad_date", 1)
    month = window.month_of(sent.sent)
    of_file = np.concatenate([month, month[doubles], [0, max(months)]])
    return split_files(join_rows([rows, pick_rows_at(rows, doubles), bad]), of_file, months)


def _answer_files(scene: Scene, surveys: Surveys) -> Files:
    rng, dirt, window = scene.stream("answer-files"), scene.dirt, scene.window
    months = _months(scene, "answers")
    rows = _answer_rows(rng, scene, surveys)
    at = surveys.answers.at[surveys.answers.at < window.end]
    month = window.month_of(at)
    late, doubles = some(rng, len(at), 0.01, least=3), some(rng, len(at), 0.002, least=3)
    file_month = month.copy()
    file_month[late] = np.minimum(month[late] + 1, max(months))
    dirt.plant("survey_answers", "late", int((file_month != month).sum()))
    dirt.supersede("survey_answers", "duplicate", len(doubles))
    numbered = np.array(["ANBAD1", "ANBAD2", "ANBAD3", None], dtype=object)
    bad = changed(pick_rows_at(rows, np.arange(4)), aid=numbered)
    bad["score"][0], bad["metric"][1], bad["answeredAt"][2] = "很好", "未知指标", "刚才"
    for kind in ("score_not_a_number", "unknown_question", "bad_date", "missing_key"):
        dirt.reject("survey_answers", kind, 1)
    twice = np.minimum(file_month[doubles] + 1, max(months))
    of_file = np.concatenate([file_month, twice, np.full(4, len(months) // 2)])
    return split_files(join_rows([rows, pick_rows_at(rows, doubles), bad]), of_file, months)


def _answer_rows(rng: np.random.Generator, scene: Scene, surveys: Surveys) -> Rows:
    company, dirt, invitations = scene.company, scene.dirt, surveys.invitations
    index = np.flatnonzero(surveys.answers.at < scene.window.end)
    answers = take(surveys.answers, index)
    ticket = invitations.ticket[answers.invitation]
    score, size = answers.score.copy(), len(index)
    overall = np.flatnonzero(answers.metric == CSAT)
    by_key = (answers.metric == CSAT) & (invitations.channel[answers.invitation] == PHONE)
    score[by_key] = _ON_THREE[score[by_key] - 1]
    outside = overall[some(rng, len(overall), 0.002, least=3)]
    score[outside] = np.where(np.arange(len(outside)) % 2 == 0, 6, 0)
    dirt.plant("survey_answers", "score_out_of_scale", len(outside))
    gaps = some(rng, size, 0.002, least=3)
    missing = np.isin(np.arange(size), gaps) & ~np.isin(np.arange(size), outside)
    dirt.plant("survey_answers", "missing_score", int(missing.sum()))
    names_staff = (ticket >= 0) & chance(rng, 0.7, size)
    staff = np.where(names_staff, scene.service.tickets.technician[ticket], -1)
    scales = [
        dict(zip(("min", "max"), _SCALES.get(metric, _USUAL_SCALE), strict=True)) for metric in range(len(METRICS))
    ]
    scale = np.empty(size, dtype=object)
    scale[:] = [
        {"min": 1, "max": 3} if on_three else scales[metric]
        for metric, on_three in zip(answers.metric.tolist(), by_key.tolist(), strict=True)
    ]
    return {
        "aid": np.array([f"AN{number + 1:09d}" for number in index.tolist()], dtype=object),
        "iid": np.array(_invitation_numbers(answers.invitation), dtype=object),
        "customerNo": company.customers.number[invitations.customer[answers.invitation]],
        "orderNo": scene.orders.number[ticket],
        "staffNo": company.staff.number[staff],
        "type": words_at(("服务后", "关系"), (ticket < 0).astype(np.int64)),
        "metric": words_at(METRICS, answers.metric),
        "dimension": words_at(ASPECTS, answers.aspect),
        "score": numbers(score, missing),
        "scale": scale,
        "text": np.array(surveys.comment, dtype=object)[index],
        "lang": np.array(surveys.language, dtype=object)[index],
        "answeredAt": text_of(answers.at, "offset"),
    }


def review_file(scene: Scene, reviews: Reviews) -> Files:
    """All reviews in one file; some of them name the customer."""
    rng, company, size = scene.stream("review-file"), scene.company, len(reviews.at)
    tickets = scene.service.tickets
    buyer = np.where(chance(rng, 0.3, size), tickets.customer[reviews.ticket], -1)
    rows: Rows = {
        "id": np.array([f"RV{index + 1:06d}" for index in range(size)], dtype=object),
        "platform": words_at(PLATFORMS, reviews.platform),
        "buyer": company.customers.number[buyer],
        "model": company.products.number[tickets.product[reviews.ticket]],
        "shop": SITE_CODES[tickets.site[reviews.ticket]],
        "stars": numbers(reviews.rating),
        "starsOf": fill(5, size),
        "content": np.array(reviews.comment, dtype=object),
        "lang": words_at(("zh", "en"), reviews.is_english.astype(np.int64)),
        "publishedAt": text_of(reviews.at, "offset"),
    }
    doubles = some(rng, size, 0.01)
    scene.dirt.supersede("reviews", "duplicate", len(doubles))
    bad = changed(pick_rows_at(rows, np.arange(1)), id="RVBAD1", publishedAt="n/a")
    scene.dirt.reject("reviews", "bad_date", 1)
    return {"reviews.ndjson": join_rows([rows, pick_rows_at(rows, doubles), bad])}
