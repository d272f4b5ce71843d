"""A backfill names a connected feed and a window; days are the company's."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.backfill import BackfillError, plan_backfill
from orchestration.extract.profile import Profile, load_profile

PROFILE = """\
name: desk
title: {en: Desk, zh: 服务台}
time_zone: Asia/Shanghai
currency: CNY
sources:
  drops: {connector: files, root: drops}
feeds:
  calls:
    - {source: drops, path: "*.csv"}
"""


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    file = tmp_path / "desk.yml"
    file.write_text(PROFILE, encoding="utf-8")
    return load_profile(file, {}, profile_data=tmp_path)


def test_days_begin_at_midnight_of_the_company(profile: Profile) -> None:
    window = plan_backfill(profile, "calls", "2026-03-01", "2026-04-01").window
    assert window.start == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert window.end == datetime(2026, 3, 31, 16, tzinfo=UTC)


def test_an_instant_is_taken_with_its_offset(profile: Profile) -> None:
    window = plan_backfill(profile, "calls", "2026-03-01T12:00:00+00:00", "2026-03-02").window
    assert window.start == datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("feed", "start", "end", "message"),
    [
        ("visits", "2026-03-01", "2026-04-01", "connects no feed 'visits'; it connects calls"),
        ("calls", "1 March", "2026-04-01", "'1 March' is neither an ISO day"),
        ("calls", "2026-04-01", "2026-04-01", "is empty; its end must be later"),
    ],
)
def test_what_is_no_backfill_is_refused(profile: Profile, feed: str, start: str, end: str, message: str) -> None:
    with pytest.raises(BackfillError, match=message):
        plan_backfill(profile, feed, start, end)
