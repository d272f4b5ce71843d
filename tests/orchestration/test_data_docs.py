"""The folder of Data Docs: whole sites or none, from any file that remembers, kept like the versions."""

from __future__ import annotations

import logging
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.results import GateReport
from orchestration.build import open_build
from orchestration.build_file import write_gate
from orchestration.cli import main
from orchestration.data_docs import prune_data_docs, write_data_docs
from orchestration.gate_checks import document
from orchestration.settings import read_settings
from tests.orchestration.gate_files import build_file, outcome


def test_a_site_has_both_gates_of_its_build_alone(tmp_path: Path) -> None:
    path = build_file(tmp_path / "b.duckdb", "b1", outcome(), outcome("gate_2"))
    with duckdb.connect(str(path)) as con:
        con.execute(
            "insert into meta.gates by name select * replace ('b0' as build_id, 'old' as table_name) from meta.gates"
        )
    index = write_data_docs(path, "b1", tmp_path / "docs")
    assert index == tmp_path / "docs" / "b1" / "index.html"
    assert sorted(page.relative_to(index.parent).as_posix() for page in index.parent.rglob("*.html")) == [
        "gate_1/raw.tickets.html",
        "gate_2/raw.tickets.html",
        "index.html",
    ]
    assert [path.name for path in (tmp_path / "docs").iterdir()] == ["b1"]


def test_a_site_that_cannot_be_finished_is_not_there(tmp_path: Path) -> None:
    path = build_file(tmp_path / "b.duckdb", "b1", outcome(), outcome("gate_2", example_rows="no JSON"))
    with pytest.raises(ValueError, match="Expecting value"):
        write_data_docs(path, "b1", tmp_path / "docs")
    assert list((tmp_path / "docs").iterdir()) == []


def test_a_site_is_written_once_and_not_for_a_build_that_is_not_known(tmp_path: Path) -> None:
    path = build_file(tmp_path / "b.duckdb", "b1", outcome())
    index = write_data_docs(path, "b1", tmp_path / "docs")
    assert index is not None
    index.write_text("kept")
    assert write_data_docs(path, "b1", tmp_path / "docs") == index
    assert index.read_text() == "kept"
    assert write_data_docs(path, "b2", tmp_path / "docs") is None
    assert not (tmp_path / "docs" / "b2").exists()


@settings(deadline=None, max_examples=50)
@given(sites=st.sets(st.integers(0, 30)), versions=st.sets(st.integers(0, 30), min_size=1), keep=st.integers(1, 5))
def test_sites_are_kept_with_their_versions_and_the_newest_without(
    tmp_path_factory: pytest.TempPathFactory, sites: set[int], versions: set[int], keep: int
) -> None:
    root = tmp_path_factory.mktemp("kept")
    published, docs = root / "published", root / "docs"
    published.mkdir()
    for number in versions:
        (published / f"warehouse_b{number:02}.duckdb").touch()
    for number in sites:
        (docs / f"b{number:02}").mkdir(parents=True)
    (docs / ".b99.draft" / "gate_1").mkdir(parents=True)
    removed = {path.name for path in prune_data_docs(docs, published, keep=keep)}
    left = {path.name for path in docs.iterdir()}
    names = {f"b{number:02}" for number in sites}
    assert left == names - removed
    assert left == {
        name for name in names if int(name[1:]) in versions or len([other for other in names if other > name]) < keep
    }


def test_a_gate_stands_by_its_verdict_though_its_pages_cannot_be_written(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with open_build(read_settings({"AFTERSALES_DATA_DIR": str(tmp_path)}), "00000001") as build:
        write_gate(build.file, build.build_id, GateReport("gate_1", (outcome(is_success=False),), 1.0))
        build.workspace.data_docs_dir.write_text("a file where the folder should be")
        with caplog.at_level(logging.INFO):
            document(build)
            assert "Data Docs of this build could not be written" in caplog.text
            build.workspace.data_docs_dir.unlink()
            document(build)
        index = build.workspace.data_docs_dir / build.build_id / "index.html"
        assert index.is_file()
        assert f"data docs: {index}" in caplog.text


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """A served version that remembers two builds, and the file of a build that failed after it."""
    root = tmp_path / "sample"
    served = build_file(root / "published" / "warehouse_b2.duckdb", "b2", outcome())
    with duckdb.connect(str(served)) as con:
        con.execute("insert into meta.gates by name select * replace ('b1' as build_id) from meta.gates")
    (root / "published" / "current.duckdb").symlink_to(served.name)
    build_file(root / "build" / "b3" / "build.duckdb", "b3", outcome(is_success=False))
    return root


def run(company: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--data-dir", str(company.parent), "data-docs", *arguments])


@pytest.mark.parametrize("build_id", ["b1", "b2", "b3"])
def test_pages_that_are_gone_are_written_again(company: Path, build_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERSALES_DATA_DIR", "")  # set by the command for its children; given back afterwards
    done = run(company, build_id)
    assert done.exit_code == 0, done.output
    index = company / "data_docs" / build_id / "index.html"
    assert done.stdout.strip() == str(index)
    assert "1 failed" in index.read_text() if build_id == "b3" else "0 failed" in index.read_text()
    assert run(company).stdout.strip() == str(index)


def test_a_build_that_nobody_remembers_is_said(company: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERSALES_DATA_DIR", "")
    assert "no Data Docs in" in run(company).stderr
    done = run(company, "b9")
    assert (done.exit_code, "no outcomes of build 'b9' are known" in done.stderr) == (1, True)
    assert not (company / "data_docs").exists()
