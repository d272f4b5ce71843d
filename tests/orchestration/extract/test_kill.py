"""A landing that is killed at any moment leaves all of it or nothing, and the next one makes it whole."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable

from orchestration.extract.contract import read_contract
from orchestration.extract.landing import prepare_ingest
from tests.company import ROOT
from tests.orchestration.extract.conftest import Desk

LAND = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from orchestration.extract.contract import read_contract
from orchestration.extract.landing import land_feed
from orchestration.extract.profile import load_profile

root = Path(sys.argv[1])
profile = load_profile(root / "desk.yml", {}, profile_data=root)
print("ready", flush=True)
land_feed(root / "ingest" / "ingest.duckdb", read_contract()["customers"], profile,
          batch_id="killed", landed_at=datetime(2026, 7, 1, tzinfo=UTC), log=lambda text: None)
"""

ROWS = 40_000
KILLS = 6


def drop_rows(desk: Desk, version: int) -> None:
    """Write files whose good rows all carry `version`, and one bad row in a hundred."""
    for number in range(4):
        lines = (
            f"{number}-{row},v{version},{'soon' if row % 100 == 0 else '2026-01-01'}\n" for row in range(ROWS // 4)
        )
        desk.drop(f"customers{number}.csv", "id,name,changed\n" + "".join(lines))


def test_a_killed_landing_is_all_or_nothing(make_desk: Callable[[], Desk]) -> None:
    desk = make_desk()
    prepare_ingest(desk.ingest_file, read_contract())
    drop_rows(desk, 0)
    started = time.perf_counter()
    desk.land()
    duration = time.perf_counter() - started
    for version in range(1, KILLS + 1):
        drop_rows(desk, version)
        process = subprocess.Popen(
            [sys.executable, "-c", LAND, str(desk.root)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(duration * (0.1 + 0.9 * version / KILLS))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        ((name, count),) = desk.query("select customer_name, count(*) from raw.customers group by 1")
        assert (name, count) in [(f"v{version - 1}", ROWS * 99 // 100), (f"v{version}", ROWS * 99 // 100)]
        (rows,), (files,), (rejects,) = (
            desk.query("select distinct _batch_id from raw.customers"),
            desk.query("select distinct batch_id from raw.files"),
            desk.query("select distinct batch_id from raw.rejects"),
        )
        assert rows == files == rejects
        result = desk.land()
        assert result.delivered == (0 if name == f"v{version}" else ROWS)
        assert desk.query("select distinct customer_name from raw.customers") == [(f"v{version}",)]
        assert desk.query("select count(*) from raw.rejects") == [(ROWS // 100,)]
    assert [path.name for path in desk.ingest_file.parent.iterdir()] == ["ingest.duckdb"]
