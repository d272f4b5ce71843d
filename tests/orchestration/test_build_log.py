"""The structured log of a build: complete whatever happens to the build, for machines, without secrets."""

from __future__ import annotations

import json
import logging
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration.attending import Verdict
from orchestration.build import Build, open_build
from orchestration.build_log import DeadBuild, find_dead_build, said, write_build_log
from orchestration.extract.secret_texts import SecretTexts
from orchestration.settings import Settings, read_settings
from tests.orchestration.alerts.servers import webhook

log = logging.getLogger("aftersales")


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_line_has_its_event_and_numbers_and_no_secret(tmp_path: Path) -> None:
    secrets = SecretTexts()
    secrets.add('pass"wörd-7')
    with write_build_log(tmp_path, "b1", secrets, keep=5) as build_log:
        build_log.step = "extract:calls"
        log.info("landed %s by %s\nrow: Zoraida", 5, 'pass"wörd-7', extra=said("feed_landed", rows=5, by='pass"wörd-7'))
        log.warning("as it is")
        log.debug("not for people")
        build_log.note("step_ended", "ended", seconds=1.23456, places=["x", 'pass"wörd-7'], at=datetime(2026, 1, 1))
        # On disk when the call returns, not when the file is closed.
        landed, plain, noted = lines_of(tmp_path / "b1.jsonl")
    assert datetime.fromisoformat(landed.pop("at")).tzinfo == UTC
    assert landed == {
        "level": "info", "build_id": "b1", "step": "extract:calls", "event": "feed_landed",
        "message": "landed 5 by ***", "fields": {"rows": 5, "by": "***"},
    }  # fmt: skip
    assert (plain["level"], plain["event"], plain["fields"]) == ("warning", "said", {})
    assert noted["fields"] == {"seconds": 1.235, "places": ["x", "***"], "at": "2026-01-01T00:00:00"}


def test_it_says_what_was_said_whatever_other_handlers_make_of_it(tmp_path: Path) -> None:
    """Dagster's handler, there before, rewrites the message of the record; the level may be anything."""

    class Rewriting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            record.msg, record.args = "rewritten", ()

    handler, level = Rewriting(), log.level
    log.addHandler(handler)
    log.setLevel(logging.NOTSET)
    before = list(log.handlers)
    try:
        with write_build_log(tmp_path, "b1", SecretTexts(), keep=5):
            log.info("landed %s", 5)
        assert (log.level, log.handlers) == (logging.NOTSET, before)
    finally:
        log.setLevel(level)
        log.removeHandler(handler)
    assert [line["message"] for line in lines_of(tmp_path / "b1.jsonl")] == ["landed 5"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_told_once_and_stops_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "b1.jsonl").symlink_to("/dev/full")
    told: list[str] = []

    class Telling(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(record.getMessage())

    handler = Telling()
    log.addHandler(handler)
    try:
        with write_build_log(tmp_path, "b1", SecretTexts(), keep=5):
            log.info("landed %s", 5)
            log.info("landed %s", 6)
    finally:
        log.removeHandler(handler)
    cut, *landed = told
    assert (cut.count("No space left on device"), landed) == (1, ["landed 5", "landed 6"])
    assert capsys.readouterr().err.count("Traceback") == 0


@pytest.mark.parametrize("keep", [1, 3])
def test_only_the_newest_logs_stay(keep: int, tmp_path: Path) -> None:
    for number in range(6):
        with write_build_log(tmp_path, f"b{number}", SecretTexts(), keep=keep):
            pass
    assert sorted(path.stem for path in tmp_path.iterdir()) == [f"b{number}" for number in range(6 - keep, 6)]


_DIES = """
import logging, os, pathlib, signal, sys
from orchestration.build_log import write_build_log
from orchestration.extract.secret_texts import SecretTexts
with write_build_log(pathlib.Path(sys.argv[1]), "b2", SecretTexts(), keep=9) as build_log:
    build_log.step = "models"
    logging.getLogger("aftersales").info("the last word")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_log_of_a_killed_build_ends_where_it_died(tmp_path: Path) -> None:
    assert find_dead_build(tmp_path) is None
    done = subprocess.run([sys.executable, "-c", _DIES, str(tmp_path)], check=False)
    assert done.returncode == -signal.SIGKILL
    (line,) = lines_of(tmp_path / "b2.jsonl")
    assert line["message"] == "the last word"
    assert find_dead_build(tmp_path) == DeadBuild("b2", line["at"], "models")
    with (tmp_path / "b2.jsonl").open("a") as file:
        file.write('{"at": "cut')
    assert find_dead_build(tmp_path) == DeadBuild("b2", line["at"], "models")
    (tmp_path / "b3.jsonl").touch()
    assert find_dead_build(tmp_path) == DeadBuild("b3", "its start", None)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({"AFTERSALES_DATA_DIR": str(tmp_path)})


@contextmanager
def a_build(settings: Settings, run: str, verdict: Verdict | None = None) -> Iterator[Build]:
    with open_build(settings, run) as build:
        build.watch.find_out = (lambda: verdict) if verdict else None
        yield build


def newest(settings: Settings, run: str) -> list[dict[str, Any]]:
    (path,) = (settings.data_dir / "sample" / "logs").glob(f"*_{run}.jsonl")
    return lines_of(path)


def test_every_way_to_end_is_in_the_log(settings: Settings) -> None:
    with a_build(settings, "fails", Verdict("failed", "gate_1 on raw/calls:\nrow: Zoraida", ("gate_1",))):
        log.info("at work")
    *_, last = newest(settings, "fails")
    assert (last["event"], last["level"]) == ("build_ended", "error")
    fields = last["fields"]
    assert (fields["outcome"], fields["failed_steps"]) == ("failed", ["gate_1"])
    assert fields["reason"] == "gate_1 on raw/calls:"
    assert fields["seconds"] > 0

    with pytest.raises(RuntimeError, match="torn"), a_build(settings, "raises"):
        raise RuntimeError("torn")
    assert newest(settings, "raises")[-1]["fields"]["reason"] == "torn"

    with pytest.raises(KeyboardInterrupt), a_build(settings, "stops"):
        raise KeyboardInterrupt
    assert newest(settings, "stops")[-1]["fields"]["outcome"] == "stopped"

    # A build that cannot begin has a log too.
    ingest = settings.data_dir / "sample" / "ingest" / "ingest.duckdb"
    ingest.write_bytes(b"no database")
    with pytest.raises(Exception, match="damaged"), a_build(settings, "begins"):
        pass
    first, second, last = newest(settings, "begins")
    assert [first["event"], second["event"], last["event"]] == ["step_started", "step_failed", "build_ended"]
    assert last["fields"]["outcome"] == "failed"
    assert "damaged" in last["fields"]["reason"]


def test_the_next_log_says_that_the_build_before_was_killed_and_only_that_one(settings: Settings) -> None:
    with a_build(settings, "first") as build:
        died = build.build_id
    path = settings.data_dir / "sample" / "logs" / f"{died}.jsonl"
    path.write_text("\n".join(path.read_text().splitlines()[:2]) + "\n")  # as it was when the kill came
    published = settings.data_dir / "sample" / "published" / f"warehouse_{died}.duckdb"
    published.parent.mkdir()
    published.touch()  # killed when its work was done: nobody needs to know
    with a_build(settings, "later"):
        pass
    assert "previous_build_died" not in [line["event"] for line in newest(settings, "later")]
    published.unlink()
    next((settings.data_dir / "sample" / "logs").glob("*_later.jsonl")).unlink()
    with a_build(settings, "second"):
        pass
    with a_build(settings, "third"):
        pass
    said_first = newest(settings, "second")[0]
    assert said_first["event"] == "previous_build_died"
    assert said_first["fields"] == {"died": died, "last_at": lines_of(path)[1]["at"], "died_in": "prepare"}
    assert "previous_build_died" not in [line["event"] for line in newest(settings, "third")]


def test_a_build_alerts_whoever_opens_it_unless_it_describes_another_day(tmp_path: Path) -> None:
    profile = tmp_path / "acme.yml"
    with webhook() as hook:
        routes = {"chat": {"kind": "webhook", "url": hook.url}}
        profile.write_text(yaml.safe_dump({"extends": "sample", "alerts": {"routes": routes}}))
        environment = {"AFTERSALES_DATA_DIR": str(tmp_path / "data"), "AFTERSALES_PROFILE": str(profile)}
        failed = Verdict("failed", "gate_1 on raw/calls:", ("gate_1",))
        restated = read_settings({**environment, "AFTERSALES_KNOWN_AT": "2026-03-01T00:00:00+08:00"})
        with a_build(restated, "restated", failed):
            pass
        assert hook.events == []
        with a_build(read_settings(environment), "live", failed):
            pass
    assert hook.events == ["failed_build"]
