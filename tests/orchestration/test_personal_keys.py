"""A company whose source knows people by telephone number does not publish it unasked."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration.extract.contract import read_contract
from orchestration.extract.ingest_file import prepare_ingest
from orchestration.extract.privacy import Privacy
from orchestration.personal_keys import PersonalKeyError, check_keys

CONTRACT = read_contract()


def landed(tmp_path: Path, *, customers: list[str], agents: list[str] | None = None) -> Path:
    file = tmp_path / "ingest.duckdb"
    prepare_ingest(file, CONTRACT)
    with duckdb.connect(str(file)) as con:
        con.executemany("insert into raw.customers (customer_id) values (?)", [[key] for key in customers])
        con.executemany("insert into raw.calls (agent_id) values (?)", [[key] for key in agents or ["A1"]])
    return file


@pytest.mark.parametrize(
    "key",
    [
        "13912345678", "crm:13912345678", "021-55501234", "+49 171 5550199", "anna@example.com",
        "desk:anna@example.com", "11010519491231002X",
    ],
)  # fmt: skip
def test_keys_that_say_who_it_is_stop_the_build(tmp_path: Path, key: str) -> None:
    file = landed(tmp_path, customers=["C100001", key])
    with pytest.raises(PersonalKeyError) as caught:
        check_keys(file, CONTRACT, Privacy())
    assert "customers.customer_id: 1 rows" in str(caught.value)
    assert "customer_key: hashed" in str(caught.value)
    assert key not in str(caught.value)


def test_agents_are_people_too(tmp_path: Path) -> None:
    file = landed(tmp_path, customers=["C100001"], agents=["anna@example.com"])
    with pytest.raises(PersonalKeyError, match=r"privacy\.staff_key is not said, and\n  calls\.agent_id: 1 rows"):
        check_keys(file, CONTRACT, Privacy(customer_key="clear"))


@pytest.mark.parametrize("key", ["C100001", "100001", "crm:4711", "12345678901", "0f3a9c", "17850.0"])
def test_numbers_are_numbers(tmp_path: Path, key: str) -> None:
    check_keys(landed(tmp_path, customers=[key]), CONTRACT, Privacy())


@pytest.mark.parametrize("said", ["clear", "hashed"])
def test_what_the_profile_says_is_decided(tmp_path: Path, said: str) -> None:
    file = landed(tmp_path, customers=["13912345678"])
    check_keys(file, CONTRACT, Privacy.model_validate({"customer_key": said}))
