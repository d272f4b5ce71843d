"""Laws of the episodes on random small worlds, and agreement with episodes found by brute force."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dbt_project.episodes.oracle import DAY, Contact, Rules, episodes
from tests.dbt_project.episodes.sql import VARIABLES, fill, render

# Small enough a limit that random worlds go beyond it.
SHARED = 4
RULES = Rules(
    gap_days=VARIABLES["episode_gap_days"],
    guess_days=VARIABLES["unit_guess_days"],
    redial_minutes=VARIABLES["redial_minutes"],
    shared_contacts=SHARED,
)
CHAIN = ("int_contacts_islanded", "int_islands_joined", "int_contacts_in_episodes")
SQL = {
    name: render(f"intermediate/episodes/{name}", {**VARIABLES, "shared_identity_contacts": SHARED}) for name in CHAIN
}
START = datetime(2026, 1, 1)
TEXT = "contact_id contact_kind ticket_id call_id visit_id customer_id asset_id issue_family technician_id site_id"
COLUMNS = {
    **dict.fromkeys(f"{TEXT} product_family channel priority named_rule named_contact_id".split(), "varchar"),
    "effort_minutes": "decimal(18, 4)",
    "is_from_customer": "boolean",
    "is_given_up": "boolean",
    "contact_at": "timestamp",
    "ended_at": "timestamp",
}
Found = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as connection:
        yield connection


def run(con: duckdb.DuckDBPyConnection, contacts: list[Contact]) -> Found:
    """The episodes' rows of these contacts by contact, made by the models."""
    fill(con, "int_contacts_gathered", COLUMNS, [_row(contact) for contact in contacts])
    for name in CHAIN:
        con.execute(f"create or replace table {name} as ({SQL[name]})")
    rows = con.execute("from int_contacts_in_episodes")
    names = [column[0] for column in rows.description or []]
    return {row[0]: dict(zip(names, row, strict=True)) for row in rows.fetchall()}


def _row(c: Contact) -> dict[str, Any]:
    named = c.names or (f"ticket {c.ticket}" if c.kind != "ticket" and c.ticket else None)
    return {
        "contact_id": c.id,
        "contact_kind": c.kind,
        "ticket_id": c.ticket,
        "visit_id": c.id if c.kind == "visit" else None,
        "customer_id": c.customer,
        "asset_id": c.asset,
        "issue_family": c.issue,
        "named_rule": named and "by_name",
        "named_contact_id": named,
        "is_from_customer": c.kind != "own_call",
        "is_given_up": c.given_up,
        "contact_at": START + timedelta(minutes=c.at),
        "ended_at": START + timedelta(minutes=c.end),
    }


def partition(found: Found) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for contact, row in found.items():
        groups.setdefault(row["episode_id"], set()).add(contact)
    return {frozenset(members) for members in groups.values()}


def make_world(name: str, rng: random.Random) -> list[Contact]:
    """Up to a dozen tickets of three customers in up to two months, and what names or does not name them."""
    span = rng.choice((10, 25, 60)) * DAY
    step = rng.choice((7, 6 * 60, DAY))
    # A crowded world has one customer, who names nothing but now and then a unit.
    is_crowded = rng.random() < 0.25
    customers: list[str | None] = (
        [f"{name} c1"] if is_crowded else [None, f"{name} c1", f"{name} c1", f"{name} c2", f"{name} c3"]
    )
    faults: list[str | None] = [None] if is_crowded else [None, "leak", "leak", "noise"]
    size = rng.randint(1, 12)
    tickets = []
    for number in range(size):
        at = rng.randrange(0, span) // step * step
        end = at + rng.choice((0, 0, DAY, 5 * DAY, 20 * DAY))
        who, asset, issue = rng.choice(customers), rng.choice([None, None, "u1", "u1", "u2"]), rng.choice(faults)
        target = rng.randrange(size)
        names = f"ticket {name} {target}" if target != number and rng.random() < 0.12 else None
        own = f"{name} {number}"
        tickets.append(Contact(f"ticket {own}", "ticket", own, who, asset, issue, at, end, names=names))
    others = [_other_contact(f"{name} {k}", rng, tickets, customers, span) for k in range(rng.randint(0, 14))]
    tries = [contact for contact in others if contact.given_up and contact.ticket is None and rng.random() < 0.6]
    moments = [contact.end + rng.choice((1, 15, 16)) for contact in tries]
    redials = [replace(c, id=f"{c.id} again", at=at, end=at + 3) for c, at in zip(tries, moments, strict=True)]
    return [*tickets, *others, *redials]


def _other_contact(
    name: str, rng: random.Random, tickets: list[Contact], customers: list[str | None], span: int
) -> Contact:
    kind = rng.choice(("call", "call", "call", "own_call", "reopening", "visit", "visit"))
    near = rng.choice(tickets).at + rng.choice((-20, -5, 0, 3, 14, 10 * DAY, 25 * DAY))
    at = max(rng.choice((near, rng.randrange(0, span))), 0)
    end = at + (rng.choice((0, 4, 20)) if "call" in kind else 0)
    given_up = kind == "call" and rng.random() < 0.5
    if kind in ("own_call", "reopening") or rng.random() < 0.5:
        named = rng.choice(tickets)
        who, asset, issue = named.customer, named.asset, named.issue
        return Contact(f"{kind} {name}", kind, named.ticket, who, asset, issue, at, end, given_up)
    if kind == "visit" and rng.random() < 0.5:
        like = rng.choice(tickets)
        return Contact(f"{kind} {name}", kind, None, like.customer, like.asset, like.issue, at, end)
    asset, issue = (rng.choice([None, "u1"]), rng.choice([None, "leak"])) if kind == "visit" else (None, None)
    return Contact(f"{kind} {name}", kind, None, rng.choice(customers), asset, issue, at, end, given_up)


def together(seeds: list[int]) -> list[list[Contact]]:
    """One world per seed; worlds share no names of customers and contacts, so one run makes them all."""
    return [make_world(f"w{index}", random.Random(seed)) for index, seed in enumerate(seeds)]  # noqa: S311


worlds = st.lists(st.integers(0, 2**32), min_size=6, max_size=6).map(together)
LAWS = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@settings(LAWS, max_examples=30)
@given(worlds)
def test_episodes_are_those_found_by_brute_force(con: duckdb.DuckDBPyConnection, many: list[list[Contact]]) -> None:
    found = partition(run(con, list(chain(*many))))
    for world in many:
        ids = {contact.id for contact in world}
        assert {members for members in found if members & ids} == episodes(world, RULES)


@LAWS
@given(worlds)
def test_every_contact_is_in_one_episode_in_its_place(
    con: duckdb.DuckDBPyConnection, many: list[list[Contact]]
) -> None:
    """Rows in = rows out; an episode is named after one of its contacts that counts, and numbers them without a gap."""
    found = run(con, list(chain(*many)))
    rows = con.execute("select contact_id from int_contacts_in_episodes").fetchall()
    assert Counter(row[0] for row in rows) == Counter(contact.id for contact in chain(*many))
    for members in partition(found):
        names = {found[name]["episode_id"] for name in members}
        assert names <= members
        assert not found[names.pop()]["is_same_contact"]
        assert sorted(found[name]["position_number"] for name in members) == list(range(1, len(members) + 1))
        assert all(found[name]["linked_contact_id"] in {None, *members} for name in members)


@LAWS
@given(worlds, st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_another_run_matters(
    con: duckdb.DuckDBPyConnection, many: list[list[Contact]], rng: random.Random
) -> None:
    contacts = list(chain(*many))
    once = run(con, contacts)
    assert run(con, contacts) == once
    assert run(con, rng.sample(contacts, len(contacts))) == once


@LAWS
@given(worlds)
def test_a_contact_outside_every_window_changes_nothing(
    con: duckdb.DuckDBPyConnection, many: list[list[Contact]]
) -> None:
    """Half a year later, by the same customers about the same units and faults: by time alone nothing links it."""
    contacts = list(chain(*many))
    before = run(con, contacts)
    late = max(contact.end for contact in contacts) + 180 * DAY
    far = {
        f"ticket far {index}": replace(world[0], id=f"ticket far {index}", ticket=f"far {index}", at=late, end=late)
        for index, world in enumerate(many)
    }
    after = run(con, [*contacts, *(replace(contact, names=None) for contact in far.values())])
    assert {name: after.pop(name)["episode_id"] for name in far} == {name: name for name in far}
    assert after == before


def test_worlds_reach_every_rule(con: duckdb.DuckDBPyConnection) -> None:
    """The laws would hold of worlds without links, too."""
    found = run(con, list(chain(*together(list(range(150)))))).values()
    seen = Counter(row["link_rule"] for row in found) + Counter(row["identity_state"] for row in found)
    wanted = {"by_name", "call_redialled_within_minutes", "call_while_one_issue_open", "same_asset_and_fault_within_w"}
    wanted |= {"same_customer_and_fault_within_w", "same_asset_within_w", "visit_same_asset_and_fault"}
    wanted |= {"known", "issue_unknown", "customer_unknown", "identity_shared"}
    assert {name: seen[name] for name in wanted if seen[name] < 10} == {}
