"""Random companies for the SLA models: raw rows as a source delivers them, and what the oracle knows of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from tests.dbt_project.sla.oracle import CALENDARS, DAY, Policy, Promise, Stay, instant

PRIORITIES = ("urgent", "high", "normal", "low")
WAITING = ("waiting_customer", "waiting_parts", "on_hold")
METRICS = ("first_response", "resolution", "visit_arrival")
_NEXT = {
    "new": ("open", *WAITING, "resolved", "cancelled"),
    "open": (*WAITING, "resolved", "resolved"),
    "resolved": ("open", "closed", "closed"),
    "closed": ("open",),
    "cancelled": (),
    **dict.fromkeys(WAITING, ("open", "resolved", *WAITING)),
}
_KINDS = {"resolved": "resolved", "closed": "closed", "cancelled": "cancelled", "open": "reopened"}

Key = tuple[str, str]


@dataclass
class RandomCompany:
    """Raw tables, the promises in them as the oracle sees them at as-of, and the policies by metric and priority."""

    as_of: int
    policies: dict[Key, Policy] = field(default_factory=dict)
    promises: dict[Key, Promise] = field(default_factory=dict)
    tickets: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    visits: list[dict[str, Any]] = field(default_factory=list)

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """Rows by table of the contract."""
        return {
            "settings": [{"time_zone": "Asia/Shanghai", "as_of_at": instant(self.as_of)}],
            "tickets": self.tickets,
            "ticket_events": self.events,
            "visits": self.visits,
            "sla_policies": [policy_row(policy, *key) for key, policy in self.policies.items()],
            **calendar_tables(),
        }


def policy_row(policy: Policy, metric: str, priority: str) -> dict[str, Any]:
    """The policy as a row of the policy file, without end."""
    return {
        "policy_id": policy.policy_id,
        "metric": metric,
        "priority": priority,
        "calendar_id": policy.calendar,
        "target_minutes": policy.target / 60,
        "paused_stages": " ".join(sorted(policy.paused_stages)) or None,
        "valid_from_date": date(2020, 1, 1),
    }


def calendar_tables() -> dict[str, list[dict[str, Any]]]:
    """The oracle's calendars as policy tables."""
    return {
        "calendars": [{"calendar_id": name, "time_zone": "Asia/Shanghai"} for name in CALENDARS],
        "calendar_hours": [
            {
                "calendar_id": name,
                "iso_weekday": day + 1,
                "opens": f"{opens:02}:00",
                "closes": f"{closes:02}:00",
                "valid_from_date": date(2020, 1, 1),
            }
            for name, week in CALENDARS.items()
            for day, spans in week.items()
            for opens, closes in spans
        ],
    }


def found_company(seed: int, size: int) -> RandomCompany:
    """A company of `size` tickets with a history of stages and priorities, replies and visits."""
    rng = Random(seed)  # noqa: S311 - test data, no secrets
    company = RandomCompany(as_of=_round(rng, 10 * DAY, 20 * DAY))
    for metric in METRICS:
        for priority in PRIORITIES:
            if rng.random() < 0.9:
                company.policies[metric, priority] = Policy(
                    policy_id=f"{metric}-{priority}",
                    calendar=rng.choice(list(CALENDARS)),
                    target=60 * rng.choice((1, 30, 60, 240, 480, 1_440)),
                    paused_stages=frozenset(rng.sample(WAITING, rng.randint(0, 2))),
                )
    for number in range(size):
        _ticket(rng, company, f"t{number}")
    # A source is known to tell first responses by one that it told.
    _ticket(rng, company, "answered", created=0, answered=60)
    return company


def _round(rng: Random, first: int, last: int) -> int:
    """An instant that often falls on an opening, a closing, a due time or another event of the company."""
    return rng.randint(first, last) // (step := rng.choice((1, 1_800, 3_600))) * step


def _ticket(
    rng: Random, company: RandomCompany, key: str, created: int | None = None, answered: int | None = None
) -> None:
    as_of = company.as_of
    created = min(_round(rng, 0, as_of), as_of) if created is None else created
    path, at = [("new", created)], created
    while (following := _NEXT[path[-1][0]]) and rng.random() < 0.85 and len(path) < 9:
        at = max(at, _round(rng, at, at + rng.choice((2, 12, 48)) * 3_600))
        path.append((rng.choice(following), at))
    changes = [(rng.choice(PRIORITIES), created)]
    while rng.random() < 0.35 and len(changes) < 4:
        changes.append((rng.choice(PRIORITIES), max(created, _round(rng, created, created + 2 * DAY))))
    changes.sort(key=lambda change: change[1])
    if answered is None and rng.random() < 0.7:
        answered = max(created, _round(rng, created, created + 2 * DAY))
    rows = [_event("created", created, status="new", priority=changes[0][0])]
    rows += [_event(_KINDS.get(stage, "waiting"), at, status=stage) for stage, at in path[1:]]
    rows += [_event("priority_changed", at, priority=priority) for priority, at in changes[1:]]
    if answered is not None:
        rows.append(_event("public_reply", answered, author_kind="agent"))
    # Within an instant the log keeps the order in which things were written.
    rows.sort(key=lambda row: row["occurred_at"])
    for sequence, row in enumerate(rows):
        company.events.append({"event_id": f"{key}-{sequence}", "ticket_id": key, "sequence_number": sequence, **row})
    seen = [(stage, at) for stage, at in path if at <= as_of]
    last = seen[-1][0]
    company.tickets.append({"ticket_id": key, "status": last, "created_at": instant(created)})
    stages, priorities = _stays(seen), _stays([change for change in changes if change[1] <= as_of])
    is_cancelled, is_over = last == "cancelled", last in ("resolved", "closed", "cancelled")
    resolutions = [at for stage, at in seen if stage == "resolved"]
    resolved = resolutions[-1] if last in ("resolved", "closed") else None
    replied = answered if answered is not None and answered <= as_of else None
    known: Mapping[str, Any] = {"start": created, "stages": stages, "priorities": priorities}
    company.promises["first_response", key] = Promise(
        metric="first_response", reached=replied, is_over=is_over, is_cancelled=is_cancelled, **known
    )
    company.promises["resolution", key] = Promise(
        metric="resolution", reached=resolved, is_over=is_over, is_cancelled=is_cancelled, **known
    )
    if rng.random() < 0.4:
        _visit(rng, company, key, known)


def _visit(rng: Random, company: RandomCompany, key: str, known: Mapping[str, Any]) -> None:
    requested = min(_round(rng, known["start"], known["start"] + DAY), company.as_of)
    requested = max(requested, known["start"])
    arrived = _round(rng, requested, requested + 3 * DAY) if rng.random() < 0.7 else None
    arrived = max(arrived, requested) if arrived is not None and arrived <= company.as_of else None
    company.visits.append(
        {
            "visit_id": f"v-{key}",
            "ticket_id": key,
            "requested_at": instant(requested),
            "arrived_at": arrived if arrived is None else instant(arrived),
            "outcome": "open" if arrived is None else "not_fixed",
        }
    )
    company.promises["visit_arrival", f"v-{key}"] = Promise(
        metric="visit_arrival",
        start=requested,
        reached=arrived,
        is_over=arrived is not None,
        is_cancelled=False,
        stages=known["stages"],
        priorities=known["priorities"],
    )


def _event(kind: str, at: int, **values: object) -> dict[str, Any]:
    return {
        "event_kind": kind,
        "occurred_at": instant(at),
        "status": None,
        "priority": None,
        "author_kind": None,
        **values,
    }


def _stays(points: list[tuple[str, int]]) -> list[Stay]:
    """Times between the points; of several points at one instant the last counts."""
    ends = [at for _, at in points[1:]]
    stays = [Stay(name, at, end) for (name, at), end in zip(points, [*ends, None], strict=True)]
    return [stay for stay in stays if stay.end is None or stay.start < stay.end]
