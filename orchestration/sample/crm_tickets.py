"""The CRM's service orders, their log and complaints as it delivers them at as-of."""

from __future__ import annotations

import numpy as np

from orchestration.sample import vocabulary as words
from orchestration.sample.clock import DAY, HOUR, NA, Ints, Objects, text_of
from orchestration.sample.events import AUTHORS, KINDS, NOTES, Events
from orchestration.sample.fees import charge
from orchestration.sample.randoms import chance, spread
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
from orchestration.sample.tickets import Tickets, take
from orchestration.sample.voices import CAUSES, COMPLAINT_KINDS, OUTCOMES, SEVERITIES, Complaints

# What an order did not have yet when its first revision was delivered.
_NOT_YET = (
    "handler accepted_at first_reply_at started_at solved_at closed_at visited_at sla_resp sla_solve fee fail_cause "
    "merged_to delay_cause"
)
_FIRST_REVISION = {
    "rev": 1,
    "state": words.STATUSES[words.NEW],
    "reopen_times": 0,
    "reply_times": 0,
    **dict.fromkeys(_NOT_YET.split(" ")),
}


def order_rows(scene: Scene, events: Events) -> Rows:
    """Table `service_order`: current rows, some older revisions and doubles, test orders, and what is broken."""
    rng = scene.stream("order-rows")
    rows = _current_orders(rng, scene, events)
    size, dirt = length(rows), scene.dirt
    older, doubles = some(rng, size, 0.006, least=4), some(rng, size, 0.001)
    older = older[np.array(rows["rev"][older].tolist()) > 1]
    before = changed(pick_rows_at(rows, older), modified_at=rows["opened_at"][older], **_FIRST_REVISION)
    dirt.supersede("tickets", "older_revision", len(older))
    dirt.supersede("tickets", "duplicate", len(doubles))
    numbered = np.array(["GDTEST1", "GDTEST2", "GDTEST3"], dtype=object)
    tests = changed(pick_rows_at(rows, np.arange(3)), order_no=numbered, order_type="TEST")
    dirt.leave_out("tickets", "test_order", 3)
    return join_rows([rows, before, pick_rows_at(rows, doubles), tests, _broken_orders(scene, rows)])


def _current_orders(rng: np.random.Generator, scene: Scene, events: Events) -> Rows:
    company, orders, end, count = scene.company, scene.orders, scene.window.end, scene.service.delivered
    tickets = take(scene.service.tickets, np.arange(count))
    events = take(events, events.at < end)
    last = np.flatnonzero(np.append(events.ticket[1:] != events.ticket[:-1], True))
    replies = np.isin(events.kind, (KINDS.index("FIRST_REPLY"), KINDS.index("REPLY")))
    reopenings = events.kind == KINDS.index("REOPEN")
    status = events.status[last]
    answered = until(tickets.responded, end)
    resolved = until(tickets.resolved, end)
    solved = np.where(resolved == NA, until(tickets.first_resolved, end), resolved)
    urgent = tickets.priority == words.URGENT
    customer, channel, issue = _with_gaps(rng, scene, tickets)
    fee = charge(scene.service, end).ticket[:count]
    return {
        "order_no": orders.number[:count].copy(),
        "rev": numbers(events.sequence[last]),
        "order_type": np.full(count, "NORMAL", dtype=object),
        "cust_no": company.customers.number[customer],
        "unit_no": company.assets.number[np.where(customer < 0, -1, tickets.asset)],
        "model_no": company.products.number[tickets.product],
        "site_code": SITE_CODES[events.site[last]],
        "handler": company.staff.number[events.technician[last]],
        "channel": words_at(words.CHANNELS, channel),
        "prio": words_at(words.PRIORITIES, events.priority[last]),
        "fault_class": words_at(words.ISSUES, issue),
        "fault_desc": words_at([text for row in words.SYMPTOMS for text in row], tickets.issue * 4 + tickets.symptom),
        "svc_mode": words_at(words.MODES, tickets.mode),
        "difficulty": words_at(words.COMPLEXITIES, tickets.complexity),
        "delay_cause": words_at(words.DELAY_REASONS, _delay_reasons(rng, tickets, end)),
        "fail_cause": words_at(
            words.UNRESOLVED_REASONS, np.where(status == words.UNRESOLVED, spread(rng, 0, 4, count), -1)
        ),
        "state": words_at(words.STATUSES, status),
        "merged_to": orders.number[np.where(status == words.MERGED, tickets.parent, -1)],
        "sla_resp": _verdict(tickets.created, answered, np.where(urgent, HOUR, DAY), end),
        "sla_solve": _verdict(tickets.created, solved, np.where(urgent, DAY, 3 * DAY), end),
        "reopen_times": numbers(np.bincount(events.ticket[reopenings], minlength=count)),
        "reply_times": numbers(np.bincount(events.ticket[replies], minlength=count)),
        "fee": money(fee, (solved == NA) | tickets.is_warranty),
        "in_warranty": words_at(("N", "Y"), tickets.is_warranty.astype(np.int64)),
        "opened_at": text_of(tickets.created),
        "accepted_at": text_of(until(tickets.accepted, end)),
        "first_reply_at": text_of(_skewed(scene, tickets.created, answered)),
        "started_at": text_of(until(tickets.started, end)),
        "solved_at": text_of(solved),
        "closed_at": text_of(until(tickets.closed, end)),
        "visited_at": text_of(until(tickets.followed_up, end)),
        "modified_at": text_of(events.at[last]),
    }


def _with_gaps(rng: np.random.Generator, scene: Scene, tickets: Tickets) -> tuple[Ints, Ints, Ints]:
    """Customer, channel and issue with some missing (-1)."""
    columns = []
    for name, rate in (("customer", 0.008), ("channel", 0.004), ("issue", 0.006)):
        values = getattr(tickets, name).copy()
        gaps = some(rng, len(values), rate, least=3)
        values[gaps] = -1
        scene.dirt.plant("tickets", f"missing_{name}", len(gaps))
        columns.append(values)
    return columns[0], columns[1], columns[2]


def _skewed(scene: Scene, created: Ints, answered: Ints) -> Ints:
    """First replies as stamped: some by a clock that runs minutes behind, so that they stand before creation."""
    orders, shown = scene.orders, answered.copy()
    seen = answered[orders.skewed] != NA
    shown[orders.skewed[seen]] = created[orders.skewed[seen]] - orders.skew[seen]
    scene.dirt.plant("tickets", "clock_skew", int(seen.sum()))
    return shown


def _delay_reasons(rng: np.random.Generator, tickets: Tickets, end: int) -> Ints:
    """Index of the recorded reason of most tickets that last, or lasted, for more than five days; -1 for others."""
    size = len(tickets.created)
    lasted = np.minimum(tickets.exit_at, end) - tickets.created
    several = (tickets.visit_count > 1) & (tickets.exit_at < end)
    held = until(tickets.held, end) != NA
    reason = np.where(held, 1, np.where(several, 0, spread(rng, 2, len(words.DELAY_REASONS), size)))
    return np.where((lasted > 5 * DAY) & chance(rng, 0.8, size), reason, -1)


def _verdict(created: Ints, reached: Ints, target: Ints, end: int) -> Objects:
    """The CRM's own label: it judges by the priority at creation, and says nothing until it is decided."""
    met = (reached != NA) & (reached - created <= target)
    decided = met | (created + target < end)
    return words_at(("超时", "达标"), np.where(decided, met.astype(np.int64), -1))


def _broken_orders(scene: Scene, rows: Rows) -> Rows:
    numbered = np.array(["GDBAD1", "GDBAD2", "GDBAD3", "GDBAD4", None], dtype=object)
    broken = changed(pick_rows_at(rows, np.arange(5)), order_no=numbered)
    broken["opened_at"][:2] = ["2025-13-45 10:00:00", None]
    broken["prio"][2] = "P9"
    broken["state"][3] = "处理ING"
    for kind in ("bad_date", "missing_creation", "unknown_priority", "unknown_status", "missing_key"):
        scene.dirt.reject("tickets", kind, 1)
    return broken


def log_rows(scene: Scene, events: Events) -> Rows:
    """Table `service_log`: every event before as-of."""
    rng = scene.stream("log-rows")
    company, orders, dirt = scene.company, scene.orders, scene.dirt
    events = take(events, events.at < scene.window.end)
    skew_of = np.zeros(scene.service.delivered, dtype=np.int64)
    skew_of[orders.skewed] = orders.skew
    stamped = (events.kind == KINDS.index("FIRST_REPLY")) & (skew_of[events.ticket] > 0)
    behind = scene.service.tickets.created[events.ticket] - skew_of[events.ticket]
    number = orders.number[events.ticket]
    ids = [f"{n}-{s:02d}" for n, s in zip(number.tolist(), events.sequence.tolist(), strict=True)]
    rows: Rows = {
        "log_id": np.array(ids, dtype=object),
        "order_no": number,
        "seq": numbers(events.sequence),
        "action": words_at(KINDS, events.kind),
        "actor_type": words_at(AUTHORS, events.author_kind),
        "actor": company.staff.number[events.author],
        "state": words_at(words.STATUSES, events.status),
        "prio": words_at(words.PRIORITIES, events.priority),
        "site_code": SITE_CODES[events.site],
        "handler": company.staff.number[events.technician],
        "remark": words_at(NOTES, events.kind),
        "visible": numbers(events.is_public.astype(np.int64)),
        "logged_at": text_of(np.where(stamped, behind, events.at)),
    }
    doubles = some(rng, length(rows), 0.0005, least=3)
    dirt.supersede("ticket_events", "duplicate", len(doubles))
    numbered = np.array(["GDBAD-1", "GDBAD-2", "GDBAD-3"], dtype=object)
    bad = changed(pick_rows_at(rows, np.arange(3)), log_id=numbered)
    bad["logged_at"][0], bad["order_no"][1], bad["action"][2] = "2026-02-29 08:00:00", None, "UNKNOWN"
    for kind in ("bad_date", "missing_ticket", "unknown_kind"):
        dirt.reject("ticket_events", kind, 1)
    return join_rows([rows, pick_rows_at(rows, doubles), bad])


def complaint_rows(scene: Scene, complaints: Complaints) -> Rows:
    """Table `complaint`: raised before as-of."""
    rng = scene.stream("complaint-rows")
    company, tickets, end, dirt = scene.company, scene.service.tickets, scene.window.end, scene.dirt
    index = np.flatnonzero(complaints.raised < end)
    ticket, raised = complaints.ticket[index], complaints.raised[index]
    acknowledged, closed = until(complaints.acknowledged[index], end), until(complaints.closed[index], end)
    rows: Rows = {
        "ts_no": np.array([f"TS{i + 1:06d}" for i in range(len(index))], dtype=object),
        "cust_no": company.customers.number[tickets.customer[ticket]],
        "order_no": scene.orders.number[ticket],
        "site_code": SITE_CODES[tickets.site[ticket]],
        "staff_no": company.staff.number[tickets.technician[ticket]],
        "ts_type": words_at(COMPLAINT_KINDS, complaints.kind[index]),
        "level": words_at(SEVERITIES, complaints.severity[index]),
        "cause": words_at(CAUSES, np.where(closed == NA, -1, complaints.cause[index])),
        "outcome": words_at(OUTCOMES, np.where(closed == NA, -1, complaints.outcome[index])),
        "content": np.array(complaints.comment, dtype=object)[index],
        "raised_at": text_of(raised),
        "acked_at": text_of(acknowledged),
        "closed_at": text_of(closed),
        "modified_at": text_of(np.maximum.reduce([raised, acknowledged, closed])),
    }
    gaps = some(rng, length(rows), 0.03)
    rows["level"][gaps] = None
    dirt.plant("complaints", "missing_severity", len(gaps))
    bad = changed(pick_rows_at(rows, np.arange(1)), ts_no="TSBAD1", raised_at="2026/06/31")
    dirt.reject("complaints", "bad_date", 1)
    return join_rows([rows, bad])
