"""The board pack is made of the version that is served, by command, by Dagster and monthly."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import dagster as dg
import pypdf
import pytest
from click.testing import CliRunner, Result

from orchestration.cli import main
from orchestration.definitions import JOB_NAME, defs
from orchestration.pack_asset import PACK_JOB_NAME, PACK_KEY, board_pack
from tests.app.published import write_empty


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published file of a company without feeds: its packs are made soonest."""
    return write_empty(tmp_path_factory.mktemp("version") / "warehouse_test.duckdb")


@pytest.fixture
def company(version: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the sample company, where that version is served."""
    published = tmp_path / "data" / "sample" / "published"
    published.mkdir(parents=True)
    shutil.copy(version, published)
    (published / "current.duckdb").symlink_to("warehouse_test.duckdb")
    monkeypatch.setenv("AFTERSALES_DATA_DIR", str(tmp_path / "data"))
    return published.parent


def text_of(path: Path) -> str:
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pypdf.PdfReader(path).pages))


def command(company: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--data-dir", str(company.parent), "pack", *arguments])


def test_the_asset_is_made_in_both_languages(company: Path) -> None:
    result = dg.materialize([board_pack])
    assert result.success
    (made,) = result.asset_materializations_for_node("published__board_pack")
    metadata = {name: value.value for name, value in made.metadata.items()}
    assert metadata["period"] == "2026-06"
    assert metadata["build_id"] == "20260620T160000Z_test"
    for language, words in (("en", "Boardpack"), ("zh", "董事会服务报告")):
        path = company / "board_packs" / f"2026-06_{language}.pdf"
        assert metadata[f"path_{language}"] == str(path)
        assert metadata[f"bytes_{language}"] == path.stat().st_size
        assert metadata[f"pages_{language}"] == len(pypdf.PdfReader(path).pages)
        assert words in text_of(path)
    assert len(list((company / "board_packs").iterdir())) == 2


def test_the_command_writes_what_it_prints(company: Path) -> None:
    result = command(company, "--language", "zh", "--period", "2026-06")
    assert result.exit_code == 0, result.output
    path = company / "board_packs" / "2026-06_zh.pdf"
    assert str(path) in result.output
    assert "测试公司" in text_of(path)
    assert len(list(path.parent.iterdir())) == 1


def test_the_command_says_what_is_missing(company: Path) -> None:
    unknown = command(company, "--language", "en", "--period", "1999-01")
    assert unknown.exit_code == 1
    assert "no period '1999-01'" in unknown.output
    (company / "published" / "current.duckdb").unlink()
    nothing = command(company)
    assert nothing.exit_code == 1
    assert "run `aftersales build` first" in nothing.output
    assert not (company / "board_packs").exists()


def test_the_nightly_build_makes_no_pack_and_the_first_of_the_month_does() -> None:
    everything = set(defs.resolve_asset_graph().get_all_asset_keys())
    assert PACK_KEY in everything
    nightly, monthly = (defs.resolve_job_def(name).asset_layer for name in (JOB_NAME, PACK_JOB_NAME))
    assert set(monthly.selected_asset_keys) == {PACK_KEY}
    assert PACK_KEY not in nightly.selected_asset_keys
    assert dg.AssetKey(["published", "warehouse"]) in nightly.selected_asset_keys
    assert nightly.asset_graph.get_check_keys_for_assets(nightly.selected_asset_keys)
    schedule = defs.resolve_schedule_def("board_pack_monthly")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 6 1 * *", "Asia/Shanghai")
    assert schedule.job_name == PACK_JOB_NAME
