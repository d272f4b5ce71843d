"""Whether a served version is what a build would make again."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration.code_fingerprint import code_fingerprint
from orchestration.standing import says_the_same
from orchestration.versions.store import build_id_of_version
from tests.company import Company

# Without these there is no project.
CODE_FILES = ("dbt_project/dbt_project.yml", "dbt_project/profiles.yml", "dbt_project/selectors.yml")
# Each makes the inputs other than those of the version.
NEWS = {
    "as-of": "update meta.settings set as_of_at = as_of_at + interval 1 second",
    "as-of of the build": "update meta.builds set as_of_at = as_of_at + interval 1 second",
    "landed rows": "update meta.builds set input_fingerprint = 'another'",
    "profile": "update meta.builds set profile_hash = 'another'",
    "code": "update meta.builds set code_fingerprint = 'another'",
    "release": "update meta.builds set code_version = 'another'",
    "engine": "update meta.builds set duckdb_version = 'another'",
    "never written down": "update meta.builds set code_fingerprint = null",
    "name": "update meta.settings set company_name_en = 'another'",
    "feed connected": "update meta.feeds set is_connected = not is_connected where feed = 'calls'",
    "feed gone": "delete from meta.feeds where feed = 'calls'",
    "one more reject": "update meta.rejects_summary set row_count = row_count + 1 where feed = 'calls'",
    "another reject": "insert into meta.rejects_summary by name select * replace ('sites' as feed) "
    "from meta.rejects_summary limit 1",
    "notice": "insert into meta.notices values ('calls', 'callcentre', 'stale', null, null, 'late', 'b', '2026-07-01')",
}
NO_NEWS = {
    "nothing": "select 1",
    "the same rows delivered again": "update meta.feeds set delivered_count = delivered_count + row_count, "
    "superseded_count = superseded_count + row_count, rejected_count = rejected_count + 1, "
    "last_landed_at = last_landed_at + interval 1 day",
    "when it began": "update meta.builds set started_at = started_at + interval 1 day, published_at = null",
}


def holds(version: Path, folder: Path, change: str) -> bool:
    """Whether `version` still stands where the build's file says what it says, after `change`."""
    build_file = folder / "build.duckdb"
    shutil.copyfile(version, build_file)
    with duckdb.connect(str(build_file)) as con:
        con.execute(change)
    build_id = build_id_of_version(version)
    return says_the_same(build_file, build_id, version, build_id)


@pytest.mark.parametrize("change", NEWS.values(), ids=NEWS)
def test_news_make_a_new_version(sample_company: Company, tmp_path: Path, change: str) -> None:
    assert not holds(sample_company.current.resolve(), tmp_path, change)


@pytest.mark.parametrize("change", NO_NEWS.values(), ids=NO_NEWS)
def test_the_same_again_is_no_news(sample_company: Company, tmp_path: Path, change: str) -> None:
    assert holds(sample_company.current.resolve(), tmp_path, change)


def test_a_version_of_before_this_was_written_down_does_not_stand(sample_company: Company, tmp_path: Path) -> None:
    old = tmp_path / sample_company.current.resolve().name
    shutil.copyfile(sample_company.current.resolve(), old)
    with duckdb.connect(str(old)) as con:
        con.execute("alter table meta.builds drop column code_fingerprint")
    build_id = build_id_of_version(old)
    assert not says_the_same(sample_company.current.resolve(), build_id, old, build_id)


@pytest.mark.parametrize(
    ("place", "is_other"),
    [
        ("dbt_project/models/marts/m.sql", True),
        ("dbt_project/models/intermediate/m.py", True),
        ("dbt_project/macros/m.sql", True),
        ("dbt_project/policies/p.csv", True),
        ("dbt_project/selectors.yml", True),
        ("expectations/suites/s.py", True),
        ("orchestration/analysis/a.py", True),
        ("orchestration/extract/presets/p.yml", True),
        ("dbt_project/dbt_project.yml", True),
        ("orchestration/__pycache__/m.pyc", False),
        ("dbt_project/target/manifest.json", False),
        ("app/views/v.py", False),
    ],
)
def test_what_a_build_runs_is_its_code(tmp_path: Path, place: str, is_other: bool) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for name in (*CODE_FILES, place):
        (before / name).parent.mkdir(parents=True, exist_ok=True)
        (before / name).write_text("one")
    shutil.copytree(before, after)
    assert code_fingerprint(before) == code_fingerprint(after)
    (after / place).write_text("other")
    code_fingerprint.cache_clear()
    assert (code_fingerprint(before) != code_fingerprint(after)) is is_other


def test_a_file_that_moves_is_other_code(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for root, name in ((before, "a"), (after, "b")):
        for path in (*CODE_FILES, f"dbt_project/models/{name}.sql"):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text("one")
    assert code_fingerprint(before) != code_fingerprint(after)
