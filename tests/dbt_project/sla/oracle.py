"""Due times and outcomes by walking along the clock, in plain Python: no position, no window, no join.

Instants are whole seconds since T0, a Monday 00:00 in UTC.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

T0 = datetime(2026, 3, 2)
DAY = 86_400
TIME_ZONE = "Asia/Shanghai"
ZONE_SECONDS = 8 * 3_600
"""Asia/Shanghai, without daylight saving time."""

Span = tuple[int, int]
CALENDARS: dict[str, dict[int, tuple[Span, ...]]] = {
    "always": dict.fromkeys(range(7), ((0, 24),)),
    "office": dict.fromkeys(range(5), ((9, 12), (13, 18))),
    "night": dict.fromkeys((0, 2, 4, 5), ((0, 6), (20, 24))),
}
"""Local opening hours by weekday, 0 Monday."""


@dataclass(frozen=True)
class Policy:
    """A promise of the company: seconds of open time, and the stages in which its clock stands still."""

    policy_id: str
    calendar: str
    target: int
    paused_stages: frozenset[str]


@dataclass(frozen=True)
class Stay:
    """An unbroken time in one stage, or in one priority; `end` is None while it lasts."""

    name: str
    start: int
    end: int | None


@dataclass(frozen=True)
class Promise:
    """What is known at as-of."""

    metric: str
    start: int
    reached: int | None
    is_over: bool
    is_cancelled: bool
    stages: Sequence[Stay] = field(default_factory=tuple)
    priorities: Sequence[Stay] = field(default_factory=tuple)


def instant(seconds: int) -> datetime:
    return T0 + timedelta(seconds=seconds)


def is_open(calendar: str, at: int) -> bool:
    """Whether the calendar is open in the second that begins `at`."""
    local = at + ZONE_SECONDS
    hour = local % DAY / 3_600
    return any(first <= hour < last for first, last in CALENDARS[calendar].get(local // DAY % 7, ()))


def is_paused(promise: Promise, policy: Policy, at: int) -> bool:
    """Whether the promise's clock stands still in the second that begins `at`."""
    if promise.reached is not None and at >= promise.reached:
        return False
    for stage in promise.stages:
        if stage.start <= at and (stage.end is None or at < stage.end):
            is_between = promise.metric == "resolution" and stage.name in ("resolved", "closed")
            return stage.name in policy.paused_stages or (is_between and stage.end is not None)
    return False


def due_of(promise: Promise, policy: Policy, end: int) -> int | None:
    """The first instant at which the target is used up, None where the clock stands still until `end`."""
    edges = {promise.start, end, *(stay.start for stay in promise.stages)}
    edges |= {stay.end for stay in promise.stages if stay.end is not None}
    edges |= {hour * 3_600 for hour in range(promise.start // 3_600, end // 3_600 + 1)}
    edges |= {promise.reached} if promise.reached is not None else set()
    walk = sorted(edge for edge in edges if promise.start <= edge <= end)
    left = policy.target
    for here, there in itertools.pairwise(walk):
        if is_open(policy.calendar, here) and not is_paused(promise, policy, here):
            if there - here >= left:
                return here + left
            left -= there - here
    return None


def judge(
    promise: Promise, policies: dict[tuple[str, str], Policy], as_of: int, end: int
) -> tuple[str, str | None, int | None]:
    """Outcome, policy and due time at `as_of`; the calendars are walked until `end`."""
    for priority in promise.priorities:
        if priority.end is not None and priority.end <= promise.start:
            continue
        policy = policies.get((promise.metric, priority.name))
        due = due_of(promise, policy, end) if policy else None
        reached_now = promise.reached is not None and (priority.end is None or promise.reached < priority.end)
        broken_now = due is not None and priority.end is not None and due < priority.end
        if reached_now or broken_now or priority.end is None:
            return _outcome(promise, policy, due, as_of), policy.policy_id if policy else None, due
    raise AssertionError("the last priority lasts")


def _outcome(promise: Promise, policy: Policy | None, due: int | None, as_of: int) -> str:
    if promise.is_cancelled:
        return "cancelled"
    if policy is None:
        return "no_policy"
    if promise.reached is not None:
        return "met" if due is None or promise.reached <= due else "breached_closed"
    if due is None:
        return "paused"
    if due > as_of:
        return "pending"
    return "breached_closed" if promise.is_over else "breached_open"
