"""Daily drops of the call centre, as delivered at as-of."""

from __future__ import annotations

import numpy as np

from orchestration.sample.calls import ANSWERED, QUEUES, RESPONSE, RESULTS, TYPES, Calls, over_before
from orchestration.sample.clock import DAY, Ints, Objects, day_of, text_of
from orchestration.sample.randoms import spread
from orchestration.sample.rows import (
    Files,
    Rows,
    changed,
    join_rows,
    length,
    numbers,
    pick_rows_at,
    some,
    split_files,
    words_at,
)
from orchestration.sample.scene import Scene
from orchestration.sample.tickets import take

UNIDENTIFIED = "匿名"
_LATE_DAYS = 3


def call_files(scene: Scene, calls: Calls) -> Files:
    """One file per day, by the day of the offer; some calls late, some rows delivered again with the wrap filled in."""
    rng = scene.stream("call-files")
    window, dirt = scene.window, scene.dirt
    calls = take(calls, over_before(calls, window))
    begins = _begin(calls)
    day, last_day = day_of(begins), (window.end - 1) // DAY
    rows = _call_rows(scene, calls, _contact_numbers(calls.contact, day))
    movable = np.flatnonzero((day + _LATE_DAYS <= last_day) & (calls.leg == 1))
    late = calls.contact[movable[some(rng, len(movable), 0.003, least=3)]]
    file_day = day + np.where(np.isin(calls.contact, late), _LATE_DAYS, 0)
    dirt.plant("calls", "late", int((file_day != day).sum()))
    unmeasured = np.flatnonzero((calls.wrap < 0) & (file_day < last_day))
    again = unmeasured[some(rng, len(unmeasured), 0.08, least=3)]
    filled = changed(pick_rows_at(rows, again), WrapSec=numbers(spread(rng, 10, 90, len(again))))
    dirt.supersede("calls", "delivered_again_next_day", len(again))
    dirt.plant("calls", "missing_wrap", int((calls.wrap < 0).sum()) - len(again))
    numbered = np.array(["CCBAD1", "CCBAD2", None, "CCBAD4"], dtype=object)
    bad = changed(pick_rows_at(rows, np.arange(4)), CallUID=numbered)
    bad["OfferTime"][0], bad["Result"][1], bad["TalkSec"][3] = "2025/13/01 08:00:00", "？？", "三分钟"
    for kind in ("bad_date", "unknown_outcome", "missing_key", "seconds_not_a_number"):
        dirt.reject("calls", kind, 1)
    middle = np.full(length(bad), (window.start + window.end) // 2 // DAY)
    days = np.arange(window.start // DAY, last_day + 1)
    names = [f"calls/{text}.csv" for text in text_of(days * DAY, "date").tolist()]
    of_file = np.concatenate([file_day, file_day[again] + 1, middle])
    return split_files(join_rows([rows, filled, bad]), of_file, dict(zip(days.tolist(), names, strict=True)))


def delivered_contacts(scene: Scene, calls: Calls) -> tuple[Objects, Ints]:
    """Numbers of the delivered contacts, and the ticket that each is really about (-1: none)."""
    calls = take(calls, over_before(calls, scene.window))
    first = calls.leg == 1
    return _contact_numbers(calls.contact, day_of(_begin(calls)))[first], calls.about[first]


def _call_rows(scene: Scene, calls: Calls, number: Objects) -> Rows:
    company = scene.company
    silent = calls.result != ANSWERED
    customer = company.customers.number[calls.customer]
    customer[calls.customer < 0] = UNIDENTIFIED
    scene.dirt.plant("calls", "unidentified_caller", int((calls.customer < 0).sum()))
    return {
        "CallUID": number,
        "LegNo": numbers(calls.leg),
        "Direction": words_at(("IN", "OUT"), (calls.kind >= RESPONSE).astype(np.int64)),
        "Queue": words_at(QUEUES, calls.queue),
        "CallType": words_at(TYPES, calls.kind),
        "CustNo": customer,
        "AgentNo": company.staff.number[calls.agent],
        "Result": words_at(RESULTS, calls.result),
        "OfferTime": text_of(calls.offered, "slash"),
        "AnswerTime": text_of(calls.answered, "slash"),
        "EndTime": text_of(calls.ended, "slash"),
        "IVRSec": numbers(calls.ivr),
        "QueueSec": numbers(calls.queued),
        "TalkSec": numbers(calls.talk, silent),
        "HoldSec": numbers(calls.hold, silent),
        "WrapSec": numbers(calls.wrap, silent | (calls.wrap < 0)),
        "OrderNo": scene.orders.number[calls.ticket],
    }


def _begin(calls: Calls) -> Ints:
    """When the contact of each leg was first offered."""
    first = np.flatnonzero(calls.leg == 1)
    return np.asarray(calls.offered[first][np.cumsum(calls.leg == 1) - 1], dtype=np.int64)


def _contact_numbers(contact: Ints, day: Ints) -> Objects:
    """Number contacts by day, in the order given."""
    is_first = np.append(True, contact[1:] != contact[:-1])
    first_day = day[is_first]
    serial = (np.arange(len(first_day)) - np.searchsorted(first_day, first_day) + 1).tolist()
    text = [t.replace("-", "") for t in text_of(first_day * DAY, "date").tolist()]
    number = np.array([f"CC{t}{n:05d}" for t, n in zip(text, serial, strict=True)], dtype=object)
    return np.asarray(number[np.cumsum(is_first) - 1], dtype=object)
