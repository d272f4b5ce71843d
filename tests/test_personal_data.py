"""Planted names, numbers, addresses and secrets: a whole build and a failed one publish and say none of them."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote_plus

import pytest

from tests.canary_company import (
    CANARIES,
    FREE_TEXT,
    KEYS,
    MISPLACED,
    found_in_files,
    found_in_tables,
    write_profile,
)
from tests.company import Company
from tests.orchestration.extract.http_service import HttpService, serve

SALT = "salt-of-the-canary-company"
TOKEN = "token-that-nobody-may-see"  # noqa: S105
PASSWORD = "password-that-nobody-may-see"  # noqa: S105
# What the profile gets under other names, so that only its being a secret of the profile hides it.
VARIABLES = {
    "AFTERSALES_PII_SALT": SALT,
    "DESK_KEY": TOKEN,
    "LEDGER_LOGIN": PASSWORD,
    # Of no business of a build's, but they lie in its environment.
    "SMTP_PASSWORD": PASSWORD[::-1],
    "WEBHOOK_TOKEN": TOKEN[::-1],
}
# As they are, as URLs write them, and as an Authorization header does.
SECRETS = [
    form
    for secret in VARIABLES.values()
    for form in (secret, quote_plus(secret), base64.b64encode(f"reader:{secret}".encode()).decode())
]


@dataclass(frozen=True)
class Built:
    """A company and what its build wrote to the terminal."""

    company: Company
    said: str


@pytest.fixture(scope="module")
def desk() -> Iterator[HttpService]:
    review = {
        "id": "RVX1",
        "platform": "jd",
        "stars": "4",
        "most": "5",
        "day": "2026-05-01 10:00:00",
        "text": FREE_TEXT,
    }
    with serve() as service:
        service.records["reviews"] = [review]
        service.bare = True
        service.knows = lambda asked: asked.headers.get("Authorization") == f"Bearer {TOKEN}"
        yield service


def desk_source(service: HttpService) -> dict[str, object]:
    return {"connector": "rest", "url": service.url, "auth": {"kind": "bearer", "token": "${DESK_KEY}"}}


@pytest.fixture(scope="module")
def canaries(tmp_path_factory: pytest.TempPathFactory, desk: HttpService) -> Built:
    """Built with the defaults of `privacy`, but for the keys, which are hashed; a review comes from a service."""
    folder = tmp_path_factory.mktemp("canaries")
    columns = {
        "review_id": "id",
        "platform": "platform",
        "rating": "stars",
        "scale_max": "most",
        "reviewed_at": "day",
        "comment": "text",
    }
    profile = write_profile(
        folder / "canaries.yml",
        {
            "privacy": {"staff": "dropped", "free_text": "dropped", "customer_key": "hashed", "staff_key": "hashed"},
            "sources": {"desk": desk_source(desk)},
            "feeds": {"reviews": [{"source": "desk", "endpoint": "reviews", "columns": columns}]},
        },
    )
    company = Company(folder, profile=str(profile), environment=VARIABLES)
    company.run("sample", "--tickets", "1500")
    done = company.run("build")
    return Built(company, done.stdout + done.stderr)


def test_the_canaries_are_planted(canaries: Built) -> None:
    """A build that never saw them would pass every other test here."""
    landed = {
        "customers": ["customer_name", "phone", "email", "address"],
        "assets": ["serial_number"],
        "technicians": ["technician_name"],
    }
    for feed, columns in landed.items():
        for column in columns:
            assert canaries.company.ingested(f"select distinct {column} from raw.{feed}") == [(CANARIES[column],)]
    for feed, column in [("tickets", "symptom"), ("ticket_events", "note"), ("complaints", "comment"),
                         ("survey_answers", "comment"), ("reviews", "comment"), ("audits", "comment")]:  # fmt: skip
        assert (FREE_TEXT,) in canaries.company.ingested(f"select distinct {column} from raw.{feed}")
    rejected = canaries.company.ingested("select distinct feed from raw.rejects")
    assert len(rejected) >= 4
    quoted = canaries.company.ingested(
        f"select count(*) from raw.rejects where array_to_string(reasons, ' ') like '%{MISPLACED}%'"
    )
    assert quoted[0][0] > 10


def test_no_canary_is_in_any_output(canaries: Built) -> None:
    needles = [*CANARIES.values(), MISPLACED, "Quxley", "Vogelsang", "Verrutscht", "5550199", "5550188"]
    assert found_in_files(canaries.company, needles) == []
    assert [needle for needle in needles if needle in canaries.said] == []


def test_no_canary_and_no_number_of_a_person_is_in_any_published_text(canaries: Built) -> None:
    pattern = "|".join([*(re.escape(canary) for canary in CANARIES.values()), "Verrutscht", KEYS])
    assert list(found_in_tables(canaries.company.current, pattern)) == []
    # The search itself finds what is there: numbers of tickets are published.
    assert "marts.fct_tickets.ticket_id: 1500 rows" in list(found_in_tables(canaries.company.current, "^GD[0-9]{11}$"))


def test_no_number_of_a_person_is_said(canaries: Built) -> None:
    assert re.findall(KEYS, canaries.said) == []


def test_hashed_keys_are_keyed_hashes_and_join_as_before(canaries: Built) -> None:
    def pseudonym(key: str) -> str:
        return hmac.new(SALT.encode(), key.encode(), "sha256").hexdigest()[:32]

    listed = {pseudonym(key) for (key,) in canaries.company.ingested("select customer_id from raw.customers")}
    seen = {
        key for (key,) in canaries.company.query("select customer_id from marts.dim_customers where not is_inferred")
    }
    assert seen == listed
    staff = {pseudonym(key) for (key,) in canaries.company.ingested("select technician_id from raw.technicians")}
    scored = {key for (key,) in canaries.company.query("select technician_id from marts.agg_technician_scorecards")}
    assert scored
    assert scored <= staff
    joined = canaries.company.query(
        "select count(*), count(dim_customers.customer_id) from marts.fct_tickets "
        "left join marts.dim_customers using (customer_id) where fct_tickets.customer_id is not null"
    )
    assert joined[0][0] == joined[0][1] > 1000


def test_dropped_names_leave_the_number_in_their_place(canaries: Built) -> None:
    """The report shows technician_name: without names it shows who is meant to those who know the number."""
    people = canaries.company.query("select technician_id, technician_name from marts.dim_technicians")
    assert people
    assert all(key == name for key, name in people)


def test_rejects_show_the_shape_of_what_was_found(canaries: Built) -> None:
    examples = canaries.company.query(
        "select example from meta.rejects_summary where feed = 'calls' and column_name = 'queue_seconds'"
    )
    assert ("queue_seconds: found a value like 'aaaaaa aaaaaaaaaa 9999 9999999', expected a number "
            "(decimal(18,3))",) in examples  # fmt: skip


def test_no_secret_is_in_any_output(canaries: Built, desk: HttpService) -> None:
    assert any(asked.headers.get("Authorization") == f"Bearer {TOKEN}" for asked in desk.asked)
    assert found_in_files(canaries.company, SECRETS) == []
    assert [secret for secret in SECRETS if secret in canaries.said] == []
    # The search itself finds what is there, however it is packed.
    ticket = canaries.company.query("select max(ticket_id) from marts.fct_tickets")[0][0]
    assert [hit for hit in found_in_files(canaries.company, [ticket]) if hit.startswith("warehouse_")]
    assert [hit for hit in found_in_files(canaries.company, ["ASSET_MATERIALIZATION"]) if ".db:" in hit]


def test_a_failed_build_says_no_secret_and_no_value(
    tmp_path_factory: pytest.TempPathFactory, desk: HttpService
) -> None:
    """A database that refuses, a service that repeats what it was told, an expression that chokes on a row."""
    folder = tmp_path_factory.mktemp("failing")
    (folder / "people.csv").write_text(f"id,name,since\n1,{CANARIES['customer_name']},2026-01-01\n", encoding="utf-8")
    (folder / "failing.yml").write_text(
        f"""
name: failing
title: {{en: Failing, zh: 失败}}
time_zone: UTC
currency: EUR
sources:
  ledger: {{connector: sql, url: "postgresql://reader:${{LEDGER_LOGIN}}@127.0.0.1:9/books", retry: {{attempts: 0}}}}
  desk:
    connector: rest
    url: {desk.url}
    auth: {{kind: bearer, token: "${{DESK_KEY}}"}}
    retry: {{attempts: 0}}
  drops: {{connector: files, root: {folder}}}
feeds:
  tickets: [{{source: ledger, table: tickets}}]
  reviews: [{{source: desk, endpoint: reviews}}]
  customers:
    - source: drops
      path: people.csv
      columns: {{customer_id: id, customer_name: name, segment: cast(name as integer)}}
""",
        encoding="utf-8",
    )
    company = Company(folder, profile=str(folder / "failing.yml"), environment=VARIABLES)
    told = f"you said Bearer {TOKEN}"
    desk.always = lambda handler: handler.answer(403, told)
    try:
        done = company.run("build", expected=1)
    finally:
        desk.always = None
    said = done.stdout + done.stderr
    for step in ("raw__tickets", "raw__reviews", "raw__customers"):
        assert step in said
    assert "${LEDGER_LOGIN}" in said
    needles = [*SECRETS, CANARIES["customer_name"], "Quxley"]
    assert found_in_files(company, needles) == []
    assert [needle for needle in needles if needle in said] == []
