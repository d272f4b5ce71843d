"""A profile says what it means, and every mistake in one is named with its line."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.extract.contract import read_contract
from orchestration.extract.profile import ProfileError, load_profile
from orchestration.extract.source_models import PROJECT_ROOT

GOOD = """\
name: acme
title: {en: Acme, zh: 顶点}
time_zone: Asia/Shanghai
currency: CNY
as_of: 2026-07-01T00:00:00+08:00
sources:
  crm:
    connector: sql
    url: "mysql://report:${CRM_PASSWORD}@crm.example/service"
    id_space: crm
  drops:
    connector: files
    root: "${DROPS:-drops}"
    time_zone: Europe/London
    null_markers: ["", "?"]
feeds:
  customers:
    - source: crm
      table: clients
      cursor: {column: changed, lookback_days: 3}
      columns:
        customer_id: "'C' || id"
        customer_kind: {expr: kind, values: {1: person, 2: business, 9: }}
policies:
  sla_policies: "${PROFILE_DATA}/sla.csv"
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "acme.yml"
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(tmp_path: Path, text: str, secret: str | None = None) -> list[str]:
    with pytest.raises(ProfileError) as caught:
        load_profile(write(tmp_path, text), {"CRM_PASSWORD": secret} if secret else {}, profile_data=tmp_path)
    return list(caught.value.mistakes)


def test_a_profile_is_read_with_its_references_resolved(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    profile = load_profile(path, {"CRM_PASSWORD": "canary-7"}, profile_data=tmp_path / "data")
    crm, drops = profile.sources["crm"], profile.sources["drops"]
    (binding,) = profile.feeds["customers"]

    assert (profile.name, profile.title_en, profile.title_zh) == ("acme", "Acme", "顶点")
    assert profile.as_of == datetime(2026, 6, 30, 16, tzinfo=UTC)
    assert crm.connector == "sql"
    assert crm.url.get_secret_value() == "mysql://report:canary-7@crm.example/service"
    assert drops.connector == "files"
    assert drops.folder == PROJECT_ROOT / "drops"
    assert (profile.zone_of("crm"), profile.zone_of("drops")) == ("Asia/Shanghai", "Europe/London")
    assert drops.null_markers == ("", "?")
    assert binding.cursor is not None
    assert (binding.cursor.column, binding.cursor.lookback_days) == ("changed", 3)
    assert binding.columns["customer_id"].expr == "'C' || id"
    assert binding.columns["customer_kind"].values == {"1": "person", "2": "business", "9": None}
    assert profile.policies == {"sla_policies": tmp_path / "data" / "sla.csv"}
    assert profile.fingerprint == hashlib.sha256(GOOD.encode()).hexdigest()


def test_the_environment_wins_over_a_default_and_an_empty_value_does_not(tmp_path: Path) -> None:
    text = GOOD.replace("${CRM_PASSWORD}", "x")

    def root(**environment: str) -> str:
        source = load_profile(write(tmp_path, text), environment, profile_data=tmp_path).sources["drops"]
        assert source.connector == "files"
        return source.root

    assert root(DROPS="/elsewhere") == "/elsewhere"
    assert root(DROPS="") == "drops"


def test_a_secret_shows_neither_in_the_profile_nor_in_an_error(tmp_path: Path) -> None:
    profile = load_profile(write(tmp_path, GOOD), {"CRM_PASSWORD": "canary-7"}, profile_data=tmp_path)
    assert "canary-7" not in f"{profile!r} {profile!s} {profile.sources}"

    bad = GOOD.replace("currency: CNY", 'currency: "${CRM_PASSWORD}"').replace("url:", "urk:")
    found = mistakes(tmp_path, bad, "canary-7")
    assert any("urk" in mistake for mistake in found)
    assert any("found '${CRM_PASSWORD}'" in mistake for mistake in found)
    assert "canary-7" not in str(found)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("currency: CNY", "curency: CNY", "acme.yml:4: curency: unknown key; did you mean currency?"),
        ("currency: CNY", "", "acme.yml:1: currency: Field required"),
        ("currency: CNY", "currency: yuan", "acme.yml:4: currency: found 'yuan'"),
        ("time_zone: Asia/Shanghai", "time_zone: Asia/Shangai", "acme.yml:3: time_zone: found 'Asia/Shangai': is not"),
        ("time_zone: Europe/London", "time_zone: GMT+25", "acme.yml:14: sources.drops.time_zone: found 'GMT+25': is"),
        ("T00:00:00+08:00", "", "acme.yml:5: as_of: found '2026-07-01': expected an ISO instant with its offset"),
        ("connector: sql", "connector: sqll", "acme.yml:8: sources.crm.connector: found 'sqll', expected one of files"),
        ("id_space: crm", "idspace: crm", "acme.yml:10: sources.crm.idspace: unknown key; did you mean id_space?"),
        ("    url:", "    template: x\n    url:", "acme.yml:9: sources.crm.template: unknown key"),
        (
            "  customers:",
            "  custmers:",
            "acme.yml:17: feeds.custmers: the contract has no such feed; did you mean cust",
        ),
        ("source: crm", "source: crn", "acme.yml:18: feeds.customers.1.source: there is no source 'crn'; did you mean"),
        ("table: clients", "path: a.csv", "acme.yml:19: feeds.customers.1.path: does not belong to a source of conn"),
        ("      table: clients\n", "", "acme.yml:18: feeds.customers.1: needs one of path (files), table or query"),
        ("lookback_days: 3", "lookback_days: -3", "acme.yml:20: feeds.customers.1.cursor.lookback_days: found '-3'"),
        ("lookback_days", "lockback_days", "acme.yml:20: feeds.customers.1.cursor.lockback_days: unknown key; did you"),
        ("customer_id:", "custmer_id:", "acme.yml:22: feeds.customers.1.columns.custmer_id: the feed has no such col"),
        ("{expr: kind", "{exp: kind", "acme.yml:23: feeds.customers.1.columns.customer_kind.exp: unknown key; did you"),
        (
            "  sla_policies:",
            "  sla_policy:",
            "acme.yml:25: policies.sla_policy: there is no such policy table; did you",
        ),
        ("${CRM_PASSWORD}", "${CRM_SECRET}", "acme.yml:9: sources.crm.url: the environment variable CRM_SECRET is not"),
        ("${CRM_PASSWORD}", "${CRM-PASSWORD}", "acme.yml:9: sources.crm.url: 'mysql://report:${CRM-PASSWORD}@crm.exam"),
        (
            "id_space: crm",
            "id_space: a\n    id_space: b",
            "acme.yml:11: sources.crm.id_space: 'id_space' is written twice",
        ),
        ("policies:", "  products: []\npolicies:", "acme.yml:24: feeds.products: Tuple should have at least 1 item"),
        ("title: {", "title: [", "acme.yml:2: this is not valid YAML"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in GOOD
    found = mistakes(tmp_path, GOOD.replace(old, new, 1), "x")
    assert any(mistake.startswith(expected) for mistake in found), found


def test_all_mistakes_are_listed_at_once_in_order_of_line(tmp_path: Path) -> None:
    bad = GOOD.replace("currency", "curency").replace("source: crm", "source: crn").replace("Asia/", "Asien/")
    found = mistakes(tmp_path, bad)
    lines = [int(mistake.split(":")[1]) for mistake in found]
    assert lines == sorted(lines)
    assert {3, 4, 9, 18} <= set(lines)


def test_a_file_that_is_missing_or_empty_is_named(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "") == ["acme.yml:1: expected keys such as name, sources and feeds, found none"]
    with pytest.raises(ProfileError, match=r"gone\.yml.*there is no such file"):
        load_profile(tmp_path / "gone.yml", {}, profile_data=tmp_path)


def test_only_what_decides_the_outcome_changes_a_bindings_fingerprint(tmp_path: Path) -> None:
    feed = read_contract()["customers"]

    def fingerprint(text: str) -> str:
        profile = load_profile(write(tmp_path, text), {"CRM_PASSWORD": "x"}, profile_data=tmp_path)
        return profile.binding_fingerprint(profile.feeds["customers"][0], feed)

    assert fingerprint("# a remark moves every line\n" + GOOD) == fingerprint(GOOD)
    for old, new in [("'C'", "'D'"), ("2: business", "2: person"), ("id_space: crm", "id_space: c2")]:
        assert fingerprint(GOOD.replace(old, new)) != fingerprint(GOOD)
