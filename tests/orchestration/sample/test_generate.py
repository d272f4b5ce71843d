"""The generator's promises: equal parameters give equal bytes, the size is as asked, and nobody sees half a company."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

import pytest

from orchestration.sample import generate as generator
from orchestration.sample.clock import ZONE
from orchestration.sample.generate import DEFAULT_AS_OF, generate, is_current


def tree_hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_equal_parameters_give_equal_bytes(tmp_path, company):
    generate(tmp_path / "again", tickets=company.summary.tickets)
    assert tree_hashes(tmp_path / "again") == tree_hashes(company.folder)


def test_another_seed_gives_another_company(tmp_path, company):
    generate(tmp_path / "other", seed=8, tickets=company.summary.tickets)
    ours, other = tree_hashes(company.folder), tree_hashes(tmp_path / "other")
    assert ours["crm.sqlite"] != other["crm.sqlite"]
    assert ours["truth.json"] != other["truth.json"]


@pytest.mark.parametrize("tickets", [100, 1_500, 3_000])
def test_tickets_are_as_many_as_asked(tmp_path, company, tickets):
    summary = company.summary if tickets == company.summary.tickets else generate(tmp_path / "sized", tickets=tickets)
    sized = type(company)(summary)
    [(orders,)] = sized.query(
        "select count(distinct order_no) from service_order where order_type <> 'TEST' and order_no not like 'GDBAD%'"
    )
    assert orders == tickets
    assert min(summary.delivered.values()) > 0
    assert len(summary.delivered) == 21


def test_small_companies_have_every_site(company):
    [(sites, cities)] = company.query("select count(*), count(distinct city) from site")
    busy = company.query("select distinct site_code from service_order where site_code is not null")
    assert (sites, cities) == (14, 13)
    assert len(busy) == 14
    assert len(list(company.folder.glob("calls/*.csv"))) == 730


def test_any_as_of_works(tmp_path):
    as_of = datetime(2025, 11, 17, 9, 30, tzinfo=ZONE)
    summary = generate(tmp_path / "odd", tickets=300, as_of=as_of)
    assert (summary.target / "calls" / "2025-11-17.csv").is_file()
    # The running month has no books yet.
    assert not (summary.target / "costs" / "ledger_2025-11.csv").exists()
    assert (summary.target / "costs" / "ledger_2025-10.csv").is_file()
    assert summary.as_of == as_of


def test_current_only_with_equal_parameters(company):
    seed, tickets = company.summary.seed, company.summary.tickets
    assert is_current(company.folder, seed, tickets, DEFAULT_AS_OF)
    assert not is_current(company.folder, seed + 1, tickets, DEFAULT_AS_OF)
    assert not is_current(company.folder, seed, tickets + 1, DEFAULT_AS_OF)
    assert not is_current(company.folder, seed, tickets, DEFAULT_AS_OF.replace(month=6))
    assert not is_current(company.folder.parent / "nowhere", seed, tickets, DEFAULT_AS_OF)


def test_a_crash_leaves_the_former_company(tmp_path, monkeypatch):
    target = tmp_path / "sources"
    generate(target, tickets=100)
    before = tree_hashes(target)

    def crash(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(generator, "write_files", crash)
        with pytest.raises(OSError, match="disk full"):
            generate(target, seed=8, tickets=100)
    assert tree_hashes(target) == before
    generate(target, seed=8, tickets=100)
    assert is_current(target, 8, 100, DEFAULT_AS_OF)
    assert [path.name for path in tmp_path.iterdir()] == ["sources"]


def test_mistaken_parameters_are_named(tmp_path):
    with pytest.raises(ValueError, match="has no offset"):
        generate(tmp_path / "naive", tickets=100, as_of=datetime(2026, 7, 1))
    with pytest.raises(ValueError, match="at least 100"):
        generate(tmp_path / "tiny", tickets=99)
    assert list(tmp_path.iterdir()) == []
