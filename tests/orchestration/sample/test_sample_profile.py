"""The profile of the sample company: it maps columns of the contract only, and lands exactly what the truth says."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.extract.contract import read_contract
from orchestration.extract.landing import land_feed, prepare_ingest
from orchestration.extract.profile import load_profile

PROFILE = Path(__file__).parents[3] / "orchestration" / "profiles" / "sample.yml"


@pytest.fixture(scope="module")
def profile(company):
    return load_profile(PROFILE, {}, profile_data=company.folder.parent)


def test_every_feed_is_mapped_to_contract_columns(profile):
    contract = {name: feed for name, feed in read_contract().items() if feed.schema == "raw"}
    assert set(profile.feeds) == set(contract)
    for name, bindings in profile.feeds.items():
        known = {column.name for column in contract[name].columns}
        required = {column.name for column in contract[name].columns if column.required}
        for binding in bindings:
            assert set(binding.columns) <= known
            assert required <= set(binding.columns)


def test_profile_and_generator_agree_on_as_of(profile, company):
    assert profile.as_of == company.summary.as_of


def test_landing_gives_what_the_truth_says(tmp_path, profile, company):
    """Rows in = rows landed + superseded + filtered + rejected, per feed, each as planted."""
    contract = read_contract()
    ingest = tmp_path / "ingest.duckdb"
    prepare_ingest(ingest, contract)
    found, expected = {}, {}
    for name in profile.feeds:
        result = land_feed(
            ingest,
            contract[name],
            profile,
            batch_id="first",
            landed_at=datetime(2026, 7, 1, tzinfo=UTC),
            log=lambda _: None,
        )
        found[name] = (result.delivered, result.rejected, result.superseded, result.filtered, result.row_count)
        rows = company.truth["rows"][name]
        expected[name] = tuple(rows[key] for key in ("delivered", "rejected", "superseded", "filtered", "landed"))
    assert found == expected
