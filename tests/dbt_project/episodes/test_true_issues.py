"""The sample company knows which contacts are about one issue: how many links are right, and how many are found."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from functools import cached_property

import pytest

from tests.company import Company

# Measured on 20,000 tickets: docs/decisions/episodes.md. Here are 1,500, so the floors leave room for chance.
BY_NAME = ("call_about_ticket", "own_call_about_ticket", "visit_of_ticket", "merged_into", "reopened")
INFERRED = {
    "same_asset_and_fault_within_w": 0.90,
    "call_while_one_issue_open": 0.93,
    "call_redialled_within_minutes": 0.90,
}


class Links:
    """The links and episodes of the published version beside the truth; contacts about no issue have none (None)."""

    def __init__(self, company: Company) -> None:
        with (company.root / "sources" / "truth_issues.csv").open(encoding="utf-8", newline="") as file:
            self.truth = {(row["kind"], row["number"]): row["issue"] for row in csv.DictReader(file)}
        self.contacts = company.query(
            "select contact_id, contact_kind, ticket_id, call_id, visit_id, link_rule, linked_contact_id, episode_id "
            "from marts.fct_episode_contacts"
        )

    @cached_property
    def issue(self) -> dict[str, str | None]:
        kinds = {"ticket": "ticket", "reopening": "ticket", "call": "call", "own_call": "call", "visit": "visit"}
        numbers = {contact: {"ticket": t, "call": c, "visit": v} for contact, _, t, c, v, *_ in self.contacts}
        return {row[0]: self.truth.get((kinds[row[1]], numbers[row[0]][kinds[row[1]]])) for row in self.contacts}

    def precision(self) -> dict[str, tuple[int, float]]:
        """Per rule: links of which one end has a true issue, and the share with the same one at both ends."""
        found = Counter[str]()
        right = Counter[str]()
        for contact, *_, rule, linked, _ in self.contacts:
            ends = {self.issue[contact], self.issue[linked]} if linked else {None}
            if ends != {None}:
                found[rule] += 1
                right[rule] += len(ends) == 1
        return {rule: (count, right[rule] / count) for rule, count in found.items()}

    def pairs(self) -> tuple[float, float]:
        """Precision and recall over pairs of contacts: in one episode, and truly about one issue."""
        together, episodes, issues = Counter[tuple[str, str]](), Counter[str](), Counter[str]()
        for row in self.contacts:
            issue = self.issue[row[0]]
            if issue is not None:
                together[row[7], issue] += 1
                episodes[row[7]] += 1
                issues[issue] += 1
        both = _pairs(together)
        return both / _pairs(episodes), both / _pairs(issues)


def _pairs(sizes: Counter[str] | Counter[tuple[str, str]]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


@pytest.fixture(scope="module")
def links(sample_company: Company) -> Links:
    return Links(sample_company)


def test_every_contact_with_a_true_issue_is_known_by_it(links: Links) -> None:
    """Else precision and recall would speak of a part only."""
    kinds: defaultdict[str, list[bool]] = defaultdict(list)
    for contact, kind, *_ in links.contacts:
        kinds[kind].append(links.issue[contact] is not None)
    assert all(all(kinds[kind]) for kind in ("ticket", "reopening", "own_call", "visit"))
    assert 0.5 < sum(kinds["call"]) / len(kinds["call"]) < 0.8


def test_links_by_name_are_right(links: Links) -> None:
    precision = links.precision()
    assert {rule: precision[rule][1] for rule in BY_NAME} == dict.fromkeys(BY_NAME, 1.0)


def test_inferred_links_are_right_nearly_always(links: Links) -> None:
    precision = links.precision()
    assert {rule for rule, floor in INFERRED.items() if precision[rule][1] < floor or precision[rule][0] < 20} == set()


def test_pairs_of_contacts_are_found_and_right(links: Links) -> None:
    precision, recall = links.pairs()
    assert precision > 0.975
    assert recall > 0.90


def test_the_window_kpi_gives_the_true_rate(sample_company: Company) -> None:
    """The simulator follows every ticket past as-of and knows what each call is about."""
    truth = json.loads((sample_company.root / "sources" / "truth.json").read_text(encoding="utf-8"))["kpis"]["all"]
    [(measured,)] = sample_company.query(
        "select value from marts.kpi_values "
        "where kpi_id = 'first_contact_resolution_rate' and period_grain = 'all' and segment = 'all'"
    )
    assert measured == pytest.approx(truth["fcr_window_7d"]["share"], abs=0.012)
