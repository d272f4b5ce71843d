"""Companies that several rooms' tests look at, each built once per session through the whole path."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.company import ROOT, SHARED_DATA, Company

SAMPLE_TICKETS = 1500


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


@pytest.fixture(scope="session")
def sample_company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """A small sample company, built and published once. Read it; copy it before changing anything."""
    company = Company(tmp_path_factory.mktemp("sample"))
    company.run("sample", "--tickets", str(SAMPLE_TICKETS))
    company.run("build")
    return company


@pytest.fixture(scope="session")
def public_company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """The company of real public data, built and published once."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"the public data sets are not here: {SHARED_DATA} (set AFTERSALES_PUBLIC_DATA)")
    company = Company(tmp_path_factory.mktemp("public"), profile="public")
    company.run("build")
    return company
