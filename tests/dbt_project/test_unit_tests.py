"""dbt's unit tests judge the SQL: they run here, on the models of a finished build, not in every build."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.company import ROOT, Company


def test_every_dbt_unit_test_passes(sample_company: Company, tmp_path: Path) -> None:
    build_file = sample_company.unpublish(tmp_path)  # dbt makes its fixtures in the files
    environment = {
        **os.environ,
        "AFTERSALES_BUILD_FILE": str(build_file),
        "AFTERSALES_INGEST_FILE": str(sample_company.root / "ingest" / "ingest.duckdb"),
        "AFTERSALES_TIME_ZONE": "Asia/Shanghai",
    }
    project = str(ROOT / "dbt_project")
    dbt = Path(sys.executable).with_name("dbt")
    done = subprocess.run(
        [
            *(dbt, "test", "--select", "test_type:unit", "--project-dir", project, "--profiles-dir", project),
            *("--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "logs")),
        ],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    results = json.loads((tmp_path / "target" / "run_results.json").read_text())["results"]
    assert len(results) >= 40
    assert {result["status"] for result in results} == {"pass"}
