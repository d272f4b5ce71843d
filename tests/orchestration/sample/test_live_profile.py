"""The live profile: the mapping of the sample company over other sources, whose secrets come from the environment."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from orchestration.extract.errors import ProfileError
from orchestration.extract.profile import load_profile
from orchestration.extract.profile_model import Profile
from orchestration.sample.live.account import CRM_TABLES, LOOKBACK, SURVEY_KINDS
from orchestration.sample.live.crm_database import CURSORS
from orchestration.workspace import find_profile

ENVIRONMENT = {
    "LIVE_CRM_URL": "postgresql+psycopg://u:p@127.0.0.1/crm",
    "LIVE_CALLS_URL": "mysql+pymysql://u:p@127.0.0.1/calls",
    "LIVE_SURVEYS_URL": "http://127.0.0.1:1",
    "LIVE_SURVEYS_CLIENT": "client",
    "LIVE_SURVEYS_SECRET": "secret",
}


def load(name: str, environment: dict[str, str]) -> Profile:
    return load_profile(find_profile(name), environment, profile_data=Path("/data"))


@pytest.mark.parametrize("name", ["live", "sample_files"])
def test_it_maps_what_the_sample_maps(name: str) -> None:
    own, sample = load(name, ENVIRONMENT), load("sample", {})
    assert own.name == name
    assert (own.as_of, own.time_zone, own.currency) == (sample.as_of, sample.time_zone, sample.currency)
    assert list(own.feeds) == list(sample.feeds)
    for feed, bindings in sample.feeds.items():
        assert [each.source for each in own.feeds[feed]] == [each.source for each in bindings], feed
        assert [set(each.columns) for each in own.feeds[feed]] == [set(each.columns) for each in bindings], feed
        assert [each.where for each in own.feeds[feed]] == [each.where for each in bindings], feed


def test_the_account_counts_by_the_cursors_of_the_profile() -> None:
    live = load("live", ENVIRONMENT)
    for feed, table in CRM_TABLES.items():
        (binding,) = live.feeds[feed]
        assert binding.table == table
        assert (binding.cursor.column if binding.cursor else None) == CURSORS.get(table), feed
    lookbacks = {
        timedelta(days=binding.cursor.lookback_days)
        for feed in {*CRM_TABLES, *SURVEY_KINDS, "calls"}
        for binding in live.feeds[feed]
        if binding.cursor
    }
    assert lookbacks == {LOOKBACK}


def test_it_says_which_variables_it_needs() -> None:
    with pytest.raises(ProfileError) as raised:
        load("live", {})
    for name in ENVIRONMENT:
        assert f"the environment variable {name} is not set" in str(raised.value)
