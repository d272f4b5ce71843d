"""Drops of finance and quality as delivered at as-of: labour, operations and ledger by closed month, and audits."""

from __future__ import annotations

import numpy as np

from orchestration.sample import vocabulary as words
from orchestration.sample.clock import Ints, Objects, text_of
from orchestration.sample.costs import Labor, Operations
from orchestration.sample.feelings import ASPECTS
from orchestration.sample.rows import (
    Files,
    Rows,
    changed,
    fill,
    join_rows,
    length,
    money_text,
    numbers,
    pick_rows_at,
    some,
    split_files,
    words_at,
)
from orchestration.sample.scene import SITE_CODES, Scene
from orchestration.sample.tickets import take
from orchestration.sample.voices import Audits


def labor_files(scene: Scene, labor: Labor) -> Files:
    """What each person cost in each month; some rows again in the next month's file."""
    rng, staff, dirt = scene.stream("labor-files"), scene.company.staff, scene.dirt
    months = _months(scene)
    rows: Rows = {
        "工号": staff.number[labor.person],
        "月份": months[labor.month],
        "网点": SITE_CODES[staff.site[labor.person]],
        "工资": money_text(labor.wage),
        "奖金": money_text(labor.bonus),
        "社保": money_text(labor.social),
        "培训费": money_text(labor.training),
        "培训课时": money_text(labor.training_hours),
        "计薪工时": money_text(labor.paid_hours),
    }
    doubles = some(rng, length(rows), 0.003, least=3)
    dirt.supersede("labor_costs", "duplicate", len(doubles))
    bad = changed(pick_rows_at(rows, np.arange(2)), 工号=np.array([None, "T0000"], dtype=object))
    bad["工资"][1] = "待定"
    dirt.reject("labor_costs", "missing_key", 1)
    dirt.reject("labor_costs", "amount_not_a_number", 1)
    next_month = np.minimum(labor.month[doubles] + 1, len(months) - 1)
    of_file = np.concatenate([labor.month, next_month, [0, 0]])
    return split_files(join_rows([rows, pick_rows_at(rows, doubles), bad]), of_file, _files("labor", months))


def operating_files(scene: Scene, operations: Operations) -> Files:
    """What each site cost in each month."""
    months = _months(scene)
    rows: Rows = {
        "网点": SITE_CODES[operations.site],
        "月份": months[operations.month],
        "房租": money_text(operations.rent),
        "水电": money_text(operations.utilities),
        "交通": money_text(operations.transport),
        "工具": money_text(operations.tools),
    }
    bad = changed(pick_rows_at(rows, np.arange(1)), 网点="XX99", 月份="2025-19")
    scene.dirt.reject("operating_costs", "bad_date", 1)
    of_file = np.append(operations.month, len(months) - 1)
    return split_files(join_rows([rows, bad]), of_file, _files("operating", months))


def ledger_files(scene: Scene, books: Ints) -> Files:
    """The books: cents per (month, site, component)."""
    months = _months(scene)
    month, site, component = (grid.ravel() for grid in np.indices(books.shape))
    rows: Rows = {
        "月份": months[month],
        "网点": SITE_CODES[site],
        "科目": words_at(words.COMPONENT_CODES, component),
        "金额": money_text(books.ravel()),
    }
    bad = changed(pick_rows_at(rows, np.arange(1)), 科目="招待费", 金额="888.00")
    scene.dirt.reject("ledger_totals", "unknown_component", 1)
    return split_files(join_rows([rows, bad]), np.append(month, len(months) - 1), _files("ledger", months))


def audit_file(scene: Scene, audits: Audits) -> Files:
    """Mystery shoppers and monitored tickets in one file."""
    index = np.flatnonzero(audits.at < scene.window.end)
    audits = take(audits, index)
    rows: Rows = {
        "audit_no": np.array([f"QA{number + 1:06d}" for number in index.tolist()], dtype=object),
        "audit_type": words_at(("质量监测", "神秘顾客"), audits.is_mystery.astype(np.int64)),
        "site": SITE_CODES[audits.site],
        "staff": scene.company.staff.number[audits.technician],
        "order": scene.orders.number[audits.ticket],
        "item": words_at(ASPECTS, audits.aspect),
        "points": numbers(audits.score),
        "out_of": fill(100, len(index)),
        "audited_at": text_of(audits.at),
    }
    bad = changed(pick_rows_at(rows, np.arange(1)), audit_no="QABAD1", points="缺考")
    scene.dirt.reject("audits", "score_not_a_number", 1)
    return {"audits.csv": join_rows([rows, bad])}


def _months(scene: Scene) -> Objects:
    """Names of the closed months."""
    starts = scene.window.month_starts[: scene.window.closed_month_count]
    return np.array([text[:7] for text in text_of(starts, "date").tolist()], dtype=object)


def _files(kind: str, months: Objects) -> dict[int, str]:
    return {index: f"costs/{kind}_{name}.csv" for index, name in enumerate(months.tolist())}
