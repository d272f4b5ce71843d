"""Episodes by brute force: every pair of contacts is looked at, and a union-find joins those that a rule links.

Written from docs/decisions/episodes.md, with nothing shared with the SQL: no order, no islands, no sweep.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations

DAY = 24 * 60


@dataclass(frozen=True)
class Rules:
    """The variables of the project."""

    gap_days: int
    guess_days: int
    redial_minutes: int
    shared_contacts: int


@dataclass(frozen=True)
class Contact:
    """A contact; times in minutes. `ticket` is the ticket that it is, or names; `names` another contact by its id."""

    id: str
    kind: str
    ticket: str | None
    customer: str | None
    asset: str | None
    issue: str | None
    at: int
    end: int
    given_up: bool = False
    names: str | None = None

    @property
    def is_request(self) -> bool:
        return self.kind == "ticket" or self.ticket is None


@dataclass(frozen=True)
class Key:
    """What is known of whom and what a contact is about; it does not begin before its ticket."""

    of: tuple[str, str, str]
    begin: int
    end: int


def episodes(contacts: list[Contact], rules: Rules) -> set[frozenset[str]]:
    """The sets of ids of contacts that are one episode."""
    groups = _Groups(contact.id for contact in contacts)
    keys = _keys(contacts, rules)
    gap = rules.gap_days * DAY
    for one, other in combinations([c for c in contacts if c.id in keys], 2):
        a, b = keys[one.id], keys[other.id]
        if a.of == b.of and a.begin <= b.end + gap and b.begin <= a.end + gap:
            groups.join(one.id, other.id)
    by_id = {contact.id: contact for contact in contacts}
    for contact in contacts:
        named = contact.names or (f"ticket {contact.ticket}" if contact.kind != "ticket" and contact.ticket else None)
        if named in by_id:
            groups.join(contact.id, str(named))
    _join_calls(contacts, groups, rules)
    return groups.sets()


def identity(contact: Contact, contacts: list[Contact], rules: Rules) -> str:
    """Whether a request says whom and what it is about."""
    if contact.customer is None:
        return "customer_unknown"
    near = [
        other
        for other in contacts
        if other.is_request
        and (other.customer, other.asset) == (contact.customer, contact.asset)
        and abs(other.at - contact.at) <= rules.gap_days * DAY
    ]
    if len(near) > rules.shared_contacts:
        return "identity_shared"
    return "issue_unknown" if contact.asset is None and contact.issue is None else "known"


def _keys(contacts: list[Contact], rules: Rules) -> dict[str, Key]:
    requests = {c.id: c for c in contacts if c.is_request and identity(c, contacts, rules) == "known"}
    keys = {}
    for contact in contacts:
        anchor = requests.get(contact.id if contact.ticket is None else f"ticket {contact.ticket}")
        if anchor is not None and contact.kind != "own_call":
            of = (str(anchor.customer), _unit(anchor, requests, rules) or "", anchor.issue or "")
            keys[contact.id] = Key(of, max(contact.at, anchor.at), max(contact.end, anchor.at))
    return keys


def _unit(request: Contact, requests: dict[str, Contact], rules: Rules) -> str | None:
    """The unit of a request, or that of the nearest request of the same customer and fault."""
    if request.asset is not None or request.issue is None:
        return request.asset
    candidates = [
        other
        for other in requests.values()
        if other.asset is not None and (other.customer, other.issue) == (request.customer, request.issue)
    ]
    before = [c for c in candidates if (c.at, c.id) < (request.at, request.id)]
    after = [c for c in candidates if (c.at, c.id) > (request.at, request.id)]
    limit = rules.guess_days * DAY
    last = max(before, key=lambda c: (c.at, c.id), default=None)
    first = min(after, key=lambda c: (c.at, c.id), default=None)
    back = request.at - last.at if last else limit + 1
    ahead = first.at - request.at if first else limit + 1
    if last and back <= limit and back <= ahead:
        return last.asset
    return first.asset if first and ahead <= limit else None


def _join_calls(contacts: list[Contact], groups: _Groups, rules: Rules) -> None:
    """Calls that name no ticket: tries go with the call that follows, others with the only issue under way."""
    open_calls = {
        c.id
        for c in contacts
        if c.kind == "call" and c.ticket is None and identity(c, contacts, rules) == "issue_unknown"
    }
    issues = _issues(contacts, groups, open_calls, rules)
    order = sorted((c.at, c.id) for c in contacts if c.kind == "call" and c.customer is not None)
    by_id = {contact.id: contact for contact in contacts}
    tries = {}
    for contact in (by_id[name] for name in open_calls):
        later = [by_id[name] for at, name in order if (at, name) > (contact.at, contact.id)]
        following = next((c for c in later if c.customer == contact.customer), None)
        if contact.given_up and following and following.at <= contact.end + rules.redial_minutes:
            tries[contact.id] = following.id
    links = []
    for name in open_calls:
        if name in tries:
            links.append((name, tries[name]))
            continue
        call = by_id[name]
        under_way = [c for c in issues[call.customer] if c[0] <= call.at <= c[1]]
        if len(under_way) == 1:
            links.append((name, under_way[0][2]))
    for one, other in links:
        groups.join(one, other)


def _issues(
    contacts: list[Contact], groups: _Groups, open_calls: set[str], rules: Rules
) -> dict[str | None, list[tuple[int, int, str]]]:
    """Per customer the issues: from when to when they are under way, and one of their contacts."""
    requests = {c.id: c for c in contacts if c.is_request}
    members: dict[tuple[str | None, str], list[Contact]] = defaultdict(list)
    for c in contacts:
        anchor = requests[c.id if c.ticket is None else f"ticket {c.ticket}"]
        is_told = identity(anchor, contacts, rules) in ("known", "issue_unknown")
        if c.kind != "own_call" and c.id not in open_calls and is_told and (c.ticket or c.kind == "visit"):
            members[c.customer, groups.find(c.id)].append(c)
    issues = defaultdict(list)
    for (customer, _), found in members.items():
        begin = min(c.at for c in found) - rules.redial_minutes
        issues[customer].append((begin, max(c.end for c in found) + rules.gap_days * DAY, found[0].id))
    return issues


class _Groups:
    """Union-find."""

    def __init__(self, ids: object) -> None:
        self.parent = {name: name for name in ids}  # type: ignore[attr-defined]

    def find(self, name: str) -> str:
        while self.parent[name] != name:
            name = self.parent[name]
        return name

    def join(self, one: str, other: str) -> None:
        self.parent[self.find(one)] = self.find(other)

    def sets(self) -> set[frozenset[str]]:
        found = defaultdict(set)
        for name in self.parent:
            found[self.find(name)].add(name)
        return {frozenset(names) for names in found.values()}
