"""What a build tells: each thing once, to every route, until it is delivered; and nothing of it fails the build."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.alerts.raising import Ended, Raiser
from orchestration.build_log import DeadBuild
from orchestration.extract.profile_model import Profile
from orchestration.extract.secret_texts import SecretTexts, secrets_of
from tests.orchestration.alerts.servers import Hook, mail_server, webhook, write_certificate
from tests.orchestration.alerts.test_signals import plain, version

START = datetime(2026, 7, 1, 2, tzinfo=UTC)
GATE = (
    "create schema meta; create table meta.gates (build_id varchar, gate varchar, table_name varchar, column_name "
    "varchar, expectation varchar, unexpected_count bigint, is_success boolean, severity varchar, message varchar)"
)


@pytest.fixture
def hook() -> Iterator[Hook]:
    with webhook() as running:
        yield running


class Company:
    """A company that builds every night, and the routes of its alerts."""

    def __init__(self, folder: Path, routes: dict[str, Any], **alerts: Any) -> None:
        self.folder, self.night = folder, 0
        self.profile = Profile.model_validate(
            {
                "name": "acme", "title": {"en": "Acme", "zh": "顶点"}, "time_zone": "UTC", "currency": "EUR",
                "alerts": {"routes": routes, **alerts},
            }
        )  # fmt: skip

    @property
    def ledger(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "alerts.json").read_text(encoding="utf-8"))
        return found

    def raiser(self) -> Raiser:
        secrets: SecretTexts = secrets_of(self.profile, {})
        at = START + timedelta(days=self.night)
        return Raiser(self.profile, self.folder / "alerts.json", secrets, f"b{self.night}", at)

    def build(self, outcome: str = "published", **how: Any) -> None:
        """A night's build that ended so; `gate` names columns that a gate found wrong."""
        self.night += 1
        build_id, file = f"b{self.night}", self.folder / f"build_{self.night}.duckdb"
        for column in how.pop("gate", ()):
            with duckdb.connect(str(file)) as con:
                con.execute("select 1 from information_schema.schemata where schema_name = 'meta'").fetchone() or (
                    con.execute(GATE)
                )
                row = [build_id, column]
                con.execute(
                    "insert into meta.gates values "
                    "(?, 'gate_1', 'tickets', ?, 'expect_set', 3, false, 'stop', 'e.g. Zoraida Quxley')",
                    row,
                )
        if outcome == "published":
            how.setdefault("version", version_of(self.folder))
        ended = Ended(
            build_id, outcome, how.get("steps", ()), how.get("reason", ""), how.get("version"), how.get("late", {})
        )
        self.raiser().ended(ended, file)


def version_of(folder: Path, newest: float = 0.95) -> Path:
    """A version whose newest month has this value; its target is 0.9."""
    inner = folder / f"version_{newest}"
    if not inner.exists():
        inner.mkdir()
        version(inner, [plain(0.95, 0.9), plain(newest, 0.9)])
    return inner / "version.duckdb"


def to(hook: Hook, **more: Any) -> dict[str, Any]:
    return {"chat": {"kind": "webhook", "url": hook.url, "timeout_seconds": 1, **more}}


def test_a_gate_that_stops_builds_is_told_once_and_so_is_its_end(tmp_path: Path, hook: Hook) -> None:
    company = Company(tmp_path, to(hook))
    company.build("failed", gate=["status"])
    company.build("failed", gate=["status"])
    company.build("failed", gate=["status", "priority"])  # another cause is news
    company.build()
    company.build()
    assert hook.events == ["failed_gate", "failed_gate", "recovered"]
    first, _, last = hook.received
    assert first["subject"] == "Acme: gate_1 stopped the build; nothing was published"
    assert "tickets.status: expect_set failed" in first["text"]
    assert "logs/b1.jsonl" in first["text"]
    assert first["items"] == [
        {"gate": "gate_1", "table": "tickets", "column": "status", "expectation": "expect_set", "unexpected_count": 3}
    ]
    assert "tickets.status: expect_set failed" in last["text"]
    assert "Zoraida" not in "".join(body.decode() for body in hook.bodies)
    company.build("failed", gate=["status"])  # again after a good build
    assert hook.events[3:] == ["failed_gate"]
    assert len({each["id"] for each in hook.received}) == 4


def test_a_step_that_fails_is_told_with_the_first_line_of_its_reason(tmp_path: Path, hook: Hook) -> None:
    company = Company(tmp_path, to(hook), language="zh")
    company.build("failed", steps=("raw__calls",), reason="raw__calls: no connection to canary-hook-5\nrow: Zoraida")
    (told,) = hook.received
    assert told["event"] == "failed_build"
    assert told["subject"] == "顶点：构建失败；未发布新版本"
    assert told["text"].startswith("raw__calls 失败：no connection to ")
    assert "Zoraida" not in told["text"]


def test_a_build_that_was_stopped_on_request_or_run_in_part_is_no_news(tmp_path: Path, hook: Hook) -> None:
    company = Company(tmp_path, to(hook))
    company.build("stopped")
    company.build("partial")
    assert hook.received == []


def test_a_killed_build_is_told_by_the_next_one_and_once(tmp_path: Path, hook: Hook) -> None:
    company = Company(tmp_path, to(hook))
    company.raiser().died(DeadBuild("b0", "2026-07-01T01:00:00.000+00:00", "models"))
    company.raiser().died(DeadBuild("b1", "2026-07-01T01:30:00.000+00:00", "models"))
    company.build()
    assert hook.events == ["failed_build", "recovered"]
    assert (
        "Build b0 was killed; its log ends at 2026-07-01T01:00:00.000+00:00 in step models" in hook.received[0]["text"]
    )


def test_a_late_feed_is_told_once_until_it_recovers(tmp_path: Path, hook: Hook) -> None:
    company = Company(tmp_path, to(hook))
    company.build(late={"calls": "the newest row is of 2026-06-29", "tickets": None})
    company.build(late={"calls": "the newest row is of 2026-06-29", "tickets": None})
    company.build("failed", steps=("x",), late={})  # it did not get so far: nothing is known of it
    company.build(late={"calls": None, "tickets": None})
    company.build(late={"calls": "the newest row is of 2026-07-01"})
    assert hook.events == ["late_feed", "failed_build", "recovered", "recovered", "late_feed"]
    assert hook.received[0]["subject"] == "Acme: late data: calls"
    assert "the newest row is of 2026-06-29" in hook.received[0]["text"]
    assert hook.received[3]["items"] == [{"feed": "calls"}]


def test_a_signal_is_told_once_per_period(tmp_path: Path, hook: Hook) -> None:
    company = Company(tmp_path, to(hook))
    company.build(version=version_of(tmp_path, 0.8))
    company.build(version=version_of(tmp_path, 0.8))
    company.build(version=version_of(tmp_path, 0.7))  # the same month of the same KPI
    (told,) = hook.received
    assert told["event"] == "kpi_signal"
    assert told["subject"] == "Acme: KPI signals: K"
    assert "K: 80.0% in 2024-02, off the target of 90.0% (sample 40)" in told["text"]
    (item,) = told["items"]
    assert (item["kpi_id"], item["value"], item["target"], item["period_start_date"]) == ("k", 0.8, 0.9, "2024-02-01")


def test_a_server_that_is_down_gets_it_when_it_is_back_in_order_and_once(tmp_path: Path, hook: Hook) -> None:
    company = Company(tmp_path, to(hook))
    hook.says.extend([500, 1.5])  # an error; then no answer in time
    company.build("failed", gate=["status"])
    first = company.ledger["alerts"]
    assert [each["waiting"] for each in first] == [{"chat": "the service answered 500"}]
    company.build()
    # The route that is down is not asked for what comes after: order is kept, and the build does not wait.
    assert [each["event"] for each in company.ledger["alerts"]] == ["failed_gate", "recovered"]
    assert company.ledger["alerts"][0]["waiting"] == {"chat": "no answer within 1 s"}
    company.build()
    # At least once: the slow server took it after all, and can tell by the id.
    assert hook.events == ["failed_gate", "failed_gate", "recovered"]
    assert [each["id"] for each in hook.received[:2]] == [first[0]["id"]] * 2
    assert company.ledger["alerts"] == []
    company.build()
    assert len(hook.received) == 3


def test_one_route_that_is_down_does_not_keep_it_from_another(
    tmp_path: Path, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = write_certificate(tmp_path / "server.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mail_server(certificate, "tls") as mailbox:
        mail = {
            "kind": "email", "host": "127.0.0.1", "port": mailbox.port, "tls": "tls", "sender": "w@example.com",
            "to": ["a@example.com"], "events": ["failed_gate"],
        }  # fmt: skip
        company = Company(tmp_path, {**to(hook), "mail": mail})
        hook.says.append(503)
        company.build("failed", gate=["status"])
        company.build()  # recovered: the mail route does not want to know
    assert [message["X-Aftersales-Event"] for message in mailbox.received] == ["failed_gate"]
    assert hook.events == ["failed_gate", "recovered"]
    assert mailbox.received[0]["X-Aftersales-Alert-Id"] == hook.received[0]["id"]


def test_what_a_receiver_refuses_does_not_keep_back_what_comes_after(tmp_path: Path, hook: Hook) -> None:
    company = Company(tmp_path, to(hook))
    hook.says.append(400)
    company.build("failed", gate=["status"])
    hook.says.append(400)
    company.build()
    assert hook.events == ["recovered"]


def test_an_alert_that_nobody_took_for_30_days_is_given_up_and_said(
    tmp_path: Path, hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "aftersales")
    company = Company(tmp_path, to(hook))
    hook.says.append(500)
    company.build("failed", gate=["status"])
    ledger = company.ledger
    ledger["alerts"][0]["raised_at"] = (START - timedelta(days=31)).isoformat()
    (tmp_path / "alerts.json").write_text(json.dumps(ledger), encoding="utf-8")
    company.build("failed", gate=["status"])
    assert hook.received == []
    assert "alert_given_up" in [getattr(record, "event", None) for record in caplog.records]


def test_a_damaged_ledger_is_set_aside_and_the_alert_is_sent(tmp_path: Path, hook: Hook) -> None:
    (tmp_path / "alerts.json").write_text('{"told": ', encoding="utf-8")
    Company(tmp_path, to(hook)).build("failed", gate=["status"])
    assert hook.events == ["failed_gate"]
    assert (tmp_path / "alerts.damaged.json").read_text(encoding="utf-8") == '{"told": '


def test_whatever_is_wrong_with_alerts_the_build_goes_on_and_the_rest_is_told(
    tmp_path: Path, hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    company = Company(tmp_path, to(hook))
    company.build("failed", gate=["status"])
    damaged = tmp_path / "no_version.duckdb"
    damaged.write_bytes(b"no database")
    company.build(version=damaged)
    assert hook.events == ["failed_gate", "recovered"]
    assert "alerts_failed" in [getattr(record, "event", None) for record in caplog.records]


def test_without_routes_nothing_is_written(tmp_path: Path) -> None:
    company = Company(tmp_path, {})
    company.raiser().died(DeadBuild("b0", "", None))
    company.build("failed", gate=["status"])
    assert not (tmp_path / "alerts.json").exists()


def test_no_secret_is_in_what_is_sent_or_kept(tmp_path: Path, hook: Hook) -> None:
    secrets = {"secret": "canary-sign-3", "headers": {"Authorization": "Bearer canary-token-4"}}
    company = Company(tmp_path, to(hook, **secrets))
    hook.says.append(500)
    reason = f"raw__calls: {hook.url} canary-sign-3 Bearer canary-token-4"
    company.build("failed", steps=("raw__calls",), reason=reason)
    company.build()
    kept = (tmp_path / "alerts.json").read_text(encoding="utf-8")
    assert hook.events == ["failed_build", "recovered"]
    assert "canary" not in kept + "".join(body.decode() for body in hook.bodies)
