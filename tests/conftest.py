"""Companies that several rooms' tests look at, each built once per run through the whole path."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from orchestration import engine
from tests.company import ROOT, SHARED_DATA, Company

SAMPLE_TICKETS = 1500
# Files of minutes, which begin first: a worker that began one of them last would leave the others waiting.
LONGEST = (
    "tests/faults/test_short_form.py",
    "tests/test_live.py",
    "tests/orchestration/lake/test_lake_build.py",
    "tests/test_daily_steps.py",
    "tests/test_disaster.py",
    "tests/test_end_to_end.py",
    "tests/test_personal_data.py",
)


def pytest_configure() -> None:
    """`orchestration.definitions` reads dbt's manifest while it is imported: parse the project where nobody has."""
    manifest = ROOT / "dbt_project" / "target" / "manifest.json"
    if not manifest.exists():
        dbt = Path(sys.executable).with_name("dbt")
        project = str(ROOT / "dbt_project")
        subprocess.run(
            [dbt, "parse", "--quiet", "--no-partial-parse", "--project-dir", project, "--profiles-dir", project],
            check=True,
        )
    for name in [name for name in os.environ if name.startswith("AFTERSALES_") and name != "AFTERSALES_PUBLIC_DATA"]:
        del os.environ[name]  # a developer's own settings must not decide what the tests see


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files of minutes first, as they are named."""
    places = {str(ROOT / name): place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(str(item.path), len(places)))


@pytest.fixture(autouse=True)
def _engine_without_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a build in this process set for itself must not hold for the tests after it."""
    monkeypatch.setattr(engine, "_limits", None)


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all worker processes of this run."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def sample_company(shared_folder: Path) -> Company:
    """A small sample company, built and published once. Read it; copy it before changing anything."""
    company = Company(shared_folder / "sample")
    with _built_once(company) as is_new:
        if is_new:
            company.run("sample", "--tickets", str(SAMPLE_TICKETS))
            company.run("build")
    return company


@pytest.fixture(scope="session")
def public_company(shared_folder: Path) -> Company:
    """The company of real public data, built and published once. Read it; copy it before changing anything."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"the public data sets are not here: {SHARED_DATA} (set AFTERSALES_PUBLIC_DATA)")
    company = Company(shared_folder / "public", profile="public")
    with _built_once(company) as is_new:
        if is_new:
            company.run("build")
    return company


@contextmanager
def _built_once(company: Company) -> Iterator[bool]:
    """True for the first of the worker processes, while the others wait; again for the next one if it fails."""
    done = company.data_dir / "done"
    company.data_dir.mkdir(exist_ok=True)
    with FileLock(company.data_dir.with_suffix(".lock")):
        is_new = not done.exists()
        yield is_new
        done.touch()
