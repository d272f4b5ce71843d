"""A profile that extends another says only what is different, and says where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.extract.errors import ProfileError
from orchestration.extract.profile import load_profile
from orchestration.extract.profile_model import Profile

BASE = """\
name: base
title: {en: Base, zh: 基}
time_zone: Asia/Shanghai
currency: CNY
sources:
  crm: {connector: sql, url: "sqlite:///${BASE_CRM}", null_markers: ["", "?"]}
  files: {connector: files, root: here, time_zone: UTC}
feeds:
  sites:
    - {source: crm, table: site, where: "kind <> 'X'", columns: {site_id: code, site_name: name}}
  customers:
    - source: files
      path: customers.csv
      delimiter: ";"
      encoding: gbk
      where: "vip <> 'TEST'"
      columns:
        customer_id: no
        customer_kind: {expr: type, values: {P: person, B: business}}
        customer_since_at: {expr: since, format: "%d/%m/%Y"}
    - {source: files, path: older.csv, columns: {customer_id: nr}}
"""


def load(folder: Path, text: str, base: str = BASE, **environment: str) -> Profile:
    (folder / "base.yml").write_text(base, encoding="utf-8")
    path = folder / "own.yml"
    path.write_text(text, encoding="utf-8")
    return load_profile(path, environment, profile_data=folder)


def mistakes(folder: Path, text: str, base: str = BASE, **environment: str) -> str:
    with pytest.raises(ProfileError) as raised:
        load(folder, text, base, **environment)
    return str(raised.value)


def test_what_is_not_said_comes_from_the_base(tmp_path: Path) -> None:
    own = load(tmp_path, "extends: base.yml\nname: own\n", BASE_CRM="crm.sqlite")
    (tmp_path / "whole.yml").write_text(BASE, encoding="utf-8")
    whole = load_profile(tmp_path / "whole.yml", {"BASE_CRM": "crm.sqlite"}, profile_data=tmp_path)
    assert own.name == "own"
    assert own.sources == whole.sources
    mapped = [[each.model_dump(exclude={"line", "column_lines"}) for each in own.feeds[feed]] for feed in own.feeds]
    assert mapped == [
        [each.model_dump(exclude={"line", "column_lines"}) for each in whole.feeds[feed]] for feed in whole.feeds
    ]
    assert (own.title, own.time_zone, own.currency) == (whole.title, whole.time_zone, whole.currency)


def test_a_key_of_a_source_changes_it_and_a_connector_replaces_it(tmp_path: Path) -> None:
    text = """\
extends: base.yml
sources:
  crm: {url: "postgresql://${OWN_CRM}"}
  files: {connector: files, root: there}
"""
    # The base's own variable is not needed any more.
    own = load(tmp_path, text, OWN_CRM="host/db")
    crm, files = own.sources["crm"], own.sources["files"]
    assert crm.connector == "sql"
    assert crm.url.get_secret_value() == "postgresql://host/db"
    assert crm.template == "postgresql://${OWN_CRM}"
    assert crm.null_markers == ("", "?")
    assert files.connector == "files"
    assert (files.root, files.time_zone) == ("there", "")


def test_a_binding_changes_the_one_of_its_source_and_keeps_what_the_rows_mean(tmp_path: Path) -> None:
    text = """\
extends: base.yml
feeds:
  customers:
    - source: files
      path: new.parquet
      columns:
        customer_kind: {values: {X: person}}
        customer_since_at: {expr: since}
        email: mail
    - {source: files, where: "nr > 0"}
    - {source: crm, table: customer, columns: {customer_id: cust_no}}
"""
    own = load(tmp_path, text, BASE_CRM="x")
    first, second, third = own.feeds["customers"]
    assert (first.path, first.delimiter, first.encoding, first.where) == ("new.parquet", None, None, "vip <> 'TEST'")
    assert first.columns["customer_id"].expr == "no"
    assert (first.columns["customer_kind"].expr, first.columns["customer_kind"].values) == (
        "type",
        {"P": "person", "B": "business", "X": "person"},
    )
    assert (first.columns["customer_since_at"].expr, first.columns["customer_since_at"].format) == ("since", None)
    assert first.columns["email"].expr == "mail"
    assert (second.path, second.where, second.columns["customer_id"].expr) == ("older.csv", "nr > 0", "nr")
    assert (third.source, third.table) == ("crm", "customer")
    assert [len(bindings) for bindings in own.feeds.values()] == [1, 3]
    # Errors of a landing name the lines of the file that the reader has open.
    assert (first.line, first.column_lines["email"], second.line, third.line) == (4, 9, 10, 11)


def test_another_place_takes_nothing_of_how_the_base_reads(tmp_path: Path) -> None:
    text = """\
extends: base.yml
sources:
  files: {connector: rest, url: "http://127.0.0.1"}
feeds:
  customers:
    - {source: files, endpoint: customers, records: data}
    - {source: files, endpoint: older}
"""
    first = load(tmp_path, text, BASE_CRM="x").feeds["customers"][0]
    assert (first.endpoint, first.path, first.delimiter) == ("customers", None, None)
    assert first.columns["customer_id"].expr == "no"


def test_a_base_may_extend_another(tmp_path: Path) -> None:
    (tmp_path / "root.yml").write_text(BASE, encoding="utf-8")
    own = load(tmp_path, "extends: base.yml\ncurrency: EUR\n", "extends: root.yml\nname: middle\n", BASE_CRM="x")
    assert (own.name, own.currency, len(own.feeds)) == ("middle", "EUR", 2)


def test_the_fingerprint_covers_the_base(tmp_path: Path) -> None:
    text = "extends: base.yml\n"
    one = load(tmp_path, text, BASE_CRM="x").fingerprint
    other = load(tmp_path, text, BASE.replace("vip", "kind"), BASE_CRM="x").fingerprint
    assert one != other


def test_a_shipped_profile_is_extended_by_name(tmp_path: Path) -> None:
    own = load(tmp_path, "extends: sample\ncurrency: EUR\n")
    assert own.currency == "EUR"
    assert "tickets" in own.feeds


@pytest.mark.parametrize(
    ("text", "base", "expected"),
    [
        ("name: own\nextends: nothing\n", BASE, "own.yml:2: extends: found 'nothing': expected a shipped profile"),
        (
            "name: own\nextends: base.yml\n",
            "extends: own.yml\n",
            "own.yml:2: extends: cannot extend base.yml: found 'own.yml': own.yml extends itself, by way of own",
        ),
        # What the base asks for and is not replaced is asked for here, where it is extended.
        ("name: own\nextends: base.yml\n", BASE, "own.yml:2: sources.crm.url: the environment variable BASE_CRM is"),
        (
            "extends: base.yml\nfeeds:\n  customers:\n    - {source: crm, table: c, columns: {}}\n"
            "    - source: files\n      colums: {}\n",
            BASE.replace("${BASE_CRM}", "x"),
            "own.yml:6: feeds.customers.1.colums: unknown key; did you mean columns?",
        ),
        ("extnds: base.yml\n", BASE, "own.yml:1: extnds: unknown key; did you mean extends?"),
        ("extends: base.yml\nsources: {crm: {url: '${MINE}'}}\n", BASE, "own.yml:2: sources.crm.url: the environment"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, base: str, expected: str) -> None:
    assert expected in mistakes(tmp_path, text, base)
