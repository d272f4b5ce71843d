"""The CRM's field service as it delivers it at as-of: visits, part lines and weekly part stock."""

from __future__ import annotations

import numpy as np

from orchestration.sample import vocabulary as words
from orchestration.sample.clock import DAY, HOUR, NA, Flags, Floats, Ints, Objects, text_of
from orchestration.sample.fees import charge
from orchestration.sample.jobs import Jobs
from orchestration.sample.randoms import spread
from orchestration.sample.rows import (
    Rows,
    changed,
    join_rows,
    length,
    money,
    numbers,
    pick_rows_at,
    some,
    until,
    words_at,
)
from orchestration.sample.scene import SITE_CODES, Scene
from orchestration.sample.visits import CANCELLED, COMPLETED, NO_SHOW, NOT_FIXED, OPEN

FAIL_REASONS = ("缺件", "误判", "无法入户", "其他")
RESULTS = ("待上门", "完成", "未修复", "客户不在", "取消")
JOB_TYPES = ("维修", "安装", "保养", "检测")
_REPAIR, _INSTALLATION, _MAINTENANCE, _INSPECTION = range(4)
_JOB_OF_ISSUE = np.array([_REPAIR] * words.CORRECTIVE_ISSUES + [_INSPECTION, _MAINTENANCE, _INSTALLATION])
_JOB_MINUTES = {"phone_min": 4, "admin_min": 6}


def visit_rows(scene: Scene, jobs: Jobs) -> Rows:
    """Table `work_visit`: visits of tickets, then installations and maintenance; requested before as-of."""
    rng = scene.stream("visit-rows")
    rows = join_rows([_ticket_visits(rng, scene), _job_visits(scene, jobs)])
    doubles = some(rng, length(rows), 0.001)
    scene.dirt.supersede("visits", "duplicate", len(doubles))
    numbered = np.array(["WOBAD1", "WOBAD2"], dtype=object)
    bad = changed(pick_rows_at(rows, np.arange(2)), visit_no=numbered, order_no=None)
    bad["result"][0], bad["req_time"][1] = "？", "昨天"
    scene.dirt.reject("visits", "unknown_outcome", 1)
    scene.dirt.reject("visits", "bad_date", 1)
    return join_rows([rows, pick_rows_at(rows, doubles), bad])


def visit_numbers(scene: Scene) -> Objects:
    """Number of each visit of the service, None where its ticket is not delivered; index -1 reads as None."""
    visits = scene.service.visits
    here = np.flatnonzero(visits.ticket < scene.service.delivered)
    order = scene.orders.number[visits.ticket[here]].tolist()
    number = np.full(len(visits.ticket) + 1, None, dtype=object)
    number[here] = [f"WO{n[2:]}-{k + 1}" for n, k in zip(order, visits.number[here].tolist(), strict=True)]
    return number


def delivered_visits(scene: Scene) -> Ints:
    """Indexes of the visits of tickets that the CRM has by as-of."""
    visits = scene.service.visits
    return np.flatnonzero((visits.ticket < scene.service.delivered) & (visits.requested < scene.window.end))


def _ticket_visits(rng: np.random.Generator, scene: Scene) -> Rows:
    service, company, end = scene.service, scene.company, scene.window.end
    visits, tickets, lines = service.visits, service.tickets, service.parts
    index = delivered_visits(scene)
    ticket, number = visits.ticket[index], visit_numbers(scene)[index]
    is_over = visits.completed[index] < end
    outcome = np.where(is_over, visits.outcome[index], OPEN)
    worked, fixed = np.isin(outcome, (COMPLETED, NOT_FIXED)), outcome == COMPLETED
    spent = worked | (outcome == NO_SHOW)
    arrived = np.where(outcome == CANCELLED, NA, until(visits.arrived[index], end))
    gaps = np.flatnonzero(worked)
    gaps = gaps[some(rng, len(gaps), 0.02, least=3)]
    arrived[gaps] = NA
    scene.dirt.plant("visits", "missing_arrival", len(gaps))
    fees = charge(service, end)
    parts_fee = np.zeros(len(visits.ticket) + 1, dtype=np.int64)
    np.add.at(parts_fee, lines.used_visit, fees.line)
    # Labour is billed once, with the first visit that fixed.
    billed = np.flatnonzero(fixed)
    billed = billed[np.unique(ticket[billed], return_index=True)[1]]
    labor_fee = np.zeros(len(index), dtype=np.int64)
    labor_fee[billed] = fees.labor[ticket[billed]]
    free = words_at(("N", "Y"), tickets.is_warranty[ticket].astype(np.int64))
    return {
        "visit_no": number,
        "wo_no": np.array([text[: text.rindex("-")] for text in number.tolist()], dtype=object),
        "order_no": scene.orders.number[ticket],
        "cust_no": company.customers.number[tickets.customer[ticket]],
        "unit_no": company.assets.number[tickets.asset[ticket]],
        "model_no": company.products.number[tickets.product[ticket]],
        "site_code": SITE_CODES[tickets.site[ticket]],
        "engineer": company.staff.number[visits.technician[index]],
        "job_type": words_at(JOB_TYPES, _JOB_OF_ISSUE[tickets.issue[ticket]]),
        "fault_class": words_at(words.ISSUES, tickets.issue[ticket]),
        "svc_mode": words_at(words.MODES, tickets.mode[ticket]),
        "result": words_at(RESULTS, outcome),
        "fail_reason": words_at(FAIL_REASONS, np.where(outcome == NOT_FIXED, visits.reason[index], -1)),
        "crew": numbers(visits.crew[index]),
        "travel_min": numbers(visits.travel[index], ~spent),
        "work_min": numbers(visits.on_site[index], ~spent),
        "phone_min": numbers(visits.phone[index], ~spent),
        "admin_min": numbers(visits.admin[index], ~spent),
        "labor_fee": money(labor_fee, ~fixed),
        "parts_fee": money(parts_fee[index], ~fixed),
        "labor_free": free,
        "parts_free": free,
        "rush": words_at(("N", "Y"), (tickets.priority[ticket] == words.URGENT).astype(np.int64)),
        "req_time": text_of(visits.requested[index]),
        "promise_time": text_of(visits.promised[index]),
        "plan_time": text_of(visits.scheduled[index]),
        "arrive_time": text_of(arrived),
        "finish_time": text_of(np.where(worked, visits.completed[index], NA)),
        "modified_at": text_of(np.where(is_over, visits.completed[index], visits.requested[index])),
    }


def _job_visits(scene: Scene, jobs: Jobs) -> Rows:
    company, end, size = scene.company, scene.window.end, len(jobs.asset)
    done = jobs.completed < end
    number = [f"WJ{index + 1:08d}" for index in range(size)]
    nothing = np.full(size, None, dtype=object)
    free = np.full(size, "Y", dtype=object)
    fee = money(np.zeros(size, dtype=np.int64), ~done)
    return {
        "visit_no": np.array([f"{text}-1" for text in number], dtype=object),
        "wo_no": np.array(number, dtype=object),
        "order_no": nothing,
        "cust_no": company.customers.number[company.assets.customer[jobs.asset]],
        "unit_no": company.assets.number[jobs.asset],
        "model_no": company.products.number[company.assets.product[jobs.asset]],
        "site_code": SITE_CODES[jobs.site],
        "engineer": company.staff.number[jobs.technician],
        "job_type": words_at((JOB_TYPES[_INSTALLATION], JOB_TYPES[_MAINTENANCE]), jobs.kind),
        "fault_class": nothing,
        "svc_mode": np.full(size, words.MODES[words.ON_SITE], dtype=object),
        "result": words_at(RESULTS, np.where(done, COMPLETED, OPEN)),
        "fail_reason": nothing,
        "crew": numbers(np.ones(size, dtype=np.int64)),
        "travel_min": numbers(jobs.travel, ~done),
        "work_min": numbers(jobs.on_site, ~done),
        **{name: numbers(np.full(size, minutes), ~done) for name, minutes in _JOB_MINUTES.items()},
        "labor_fee": fee,
        "parts_fee": fee,
        "labor_free": free,
        "parts_free": free,
        "rush": np.full(size, "N", dtype=object),
        "req_time": text_of(jobs.requested),
        "promise_time": text_of(jobs.scheduled + HOUR),
        "plan_time": text_of(jobs.scheduled),
        "arrive_time": text_of(until(jobs.arrived, end)),
        "finish_time": text_of(until(jobs.completed, end)),
        "modified_at": text_of(np.where(done, jobs.completed, jobs.requested)),
    }


def part_rows(scene: Scene) -> Rows:
    """Table `part_line`: lines requested before as-of."""
    rng = scene.stream("part-rows")
    service, company, end, dirt = scene.service, scene.company, scene.window.end, scene.dirt
    lines = service.parts
    index = np.flatnonzero((lines.ticket < service.delivered) & (lines.requested < end))
    ticket, part, requested = lines.ticket[index], lines.part[index], lines.requested[index]
    used, returned = until(lines.used[index], end), until(lines.returned[index], end)
    delivered = until(lines.delivered[index], end)
    visit = np.where((lines.used_visit[index] >= 0) & (used != NA), lines.used_visit[index], lines.visit[index])
    kinds = [words.PART_KIND_CODES[name] for name in words.PART_KINDS]
    rows: Rows = {
        "pl_no": np.array([f"PL{i + 1:08d}" for i in range(len(index))], dtype=object),
        "order_no": scene.orders.number[ticket],
        "visit_no": visit_numbers(scene)[visit],
        "site_code": SITE_CODES[service.tickets.site[ticket]],
        "part_no": company.part_number[part],
        "part_name": company.part_name[part],
        "part_class": words_at(kinds, company.part_kind[part]),
        "qty": numbers(lines.quantity[index]),
        "unit_cost": money(lines.unit_cost[index]),
        "recovered": money(np.where(used == NA, 0, lines.recovery[index])),
        "free": words_at(("N", "Y"), service.tickets.is_warranty[ticket].astype(np.int64)),
        "ask_time": text_of(requested),
        "promise_time": text_of(lines.promised[index]),
        "arrive_time": text_of(delivered),
        "use_time": text_of(used),
        "return_time": text_of(returned),
        "modified_at": text_of(np.maximum.reduce([requested, delivered, returned, used])),
    }
    gaps, doubles = some(rng, length(rows), 0.01), some(rng, length(rows), 0.002)
    rows["promise_time"][gaps] = None
    dirt.plant("part_lines", "missing_promise", len(gaps))
    dirt.supersede("part_lines", "duplicate", len(doubles))
    bad = changed(pick_rows_at(rows, np.arange(2)), pl_no=np.array(["PLBAD1", "PLBAD2"], dtype=object))
    bad["part_class"][0], bad["qty"][1] = "赠送件", "一"
    dirt.reject("part_lines", "unknown_kind", 1)
    dirt.reject("part_lines", "quantity_not_a_number", 1)
    return join_rows([rows, pick_rows_at(rows, doubles), bad])


def stock_rows(scene: Scene) -> Rows:
    """Table `part_stock`: every Monday, each part at each site that keeps parts; empty shelves in the shortage."""
    rng = scene.stream("stock-rows")
    window, parts = scene.window, len(scene.company.part_number)
    mondays = np.arange(window.start // DAY, window.end // DAY, dtype=np.int64)
    mondays = mondays[(mondays + 3) % 7 == 0]
    shops = np.arange(1, len(words.SITES))
    week, site, part = (grid.ravel() for grid in np.meshgrid(mondays, shops, np.arange(parts), indexing="ij"))
    expected = _weekly_usage(scene, len(mondays))[site, part]
    is_empty = scene.world.facts.is_short(site, part, week * DAY)
    on_hand = np.where(is_empty, 0, rng.poisson(3.2 * expected + 2.5))
    wanted = np.minimum(rng.poisson(expected * 0.4), on_hand)
    rows: Rows = {
        "site_code": SITE_CODES[site],
        "part_no": scene.company.part_number[part],
        "count_date": text_of(week * DAY, "date"),
        "on_hand": numbers(on_hand),
        "reserved": numbers(np.where(is_empty, spread(rng, 1, 5, len(week)), wanted)),
        "reorder_at": numbers(np.ceil(2 * expected + 1).astype(np.int64)),
    }
    bad = changed(pick_rows_at(rows, np.arange(1)), part_no="P-XX-99", on_hand="无")
    scene.dirt.reject("part_stock", "quantity_not_a_number", 1)
    return join_rows([rows, bad])


def _weekly_usage(scene: Scene, weeks: int) -> Floats:
    """Matrix (site, part) of pieces used a week."""
    lines = scene.service.parts
    used: Flags = lines.used != NA
    site: Ints = scene.service.tickets.site[lines.ticket[used]]
    usage = np.zeros((len(words.SITES), len(scene.company.part_number)))
    np.add.at(usage, (site, lines.part[used]), 1.0)
    return usage / max(weeks, 1)
