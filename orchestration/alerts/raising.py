"""From how a build ended to alerts: what is news, told once by each route, and again until it is delivered."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.alerts.ledger import Alert, Condition, Ledger
from orchestration.alerts.routes import DeliveryError, deliver
from orchestration.alerts.signals import find_signals, unknown_kpis
from orchestration.alerts.words import Language, signal_line, word
from orchestration.build_log import DeadBuild, said
from orchestration.engine import connect
from orchestration.extract.alert_models import Event
from orchestration.extract.profile_model import Profile
from orchestration.extract.secret_texts import SecretTexts

log = logging.getLogger("aftersales")

_FAILURE = "build"
# Lines of a message; the log and the report have all.
_MOST_LINES = 10
_MOST_CHARACTERS = 400


@dataclass(frozen=True)
class Ended:
    """How a build ended. outcome: published, unchanged, failed, stopped or partial; `steps` failed; `version` is
    what was published, or what stays served because nothing is new.

    late: each feed that was landed, and why it is late, or None where it is not.
    """

    build_id: str
    outcome: str
    steps: tuple[str, ...]
    reason: str
    version: Path | None
    late: dict[str, str | None]


@dataclass(frozen=True)
class FailedCheck:
    """An expectation that stopped a build."""

    gate: str
    table: str
    column: str | None
    expectation: str
    unexpected_count: int | None


@dataclass(frozen=True)
class Raiser:
    """Raises the alerts of one build of `profile`. No failure of it is one of the build: it is logged.

    Call it while holding the build lock: the ledger has one writer.
    """

    profile: Profile
    ledger_file: Path
    secrets: SecretTexts
    build_id: str
    raised_at: datetime

    def died(self, dead: DeadBuild) -> None:
        """Tell that the build before this one was killed, while this one is alive to tell it."""
        if not self.profile.alerts.routes:
            return
        with self._ledger() as ledger:
            line = self._word("died", build=dead.build_id, at=dead.last_at, step=dead.step or self._word("none"))
            items: list[dict[str, object]] = [{"build_id": dead.build_id, "step": dead.step}]
            self._failed(ledger, "failed_build", "died", [line], items, dead.build_id)

    def ended(self, build: Ended, build_file: Path) -> None:
        """Tell what is news in how the build ended, then deliver all that waits."""
        if not self.profile.alerts.routes:
            return
        with self._ledger() as ledger:
            if build.outcome == "failed":
                self._tell_failure(ledger, build, _failed_checks(build_file, build.build_id))
            if build.version:
                self._tell_recovery(ledger, build)
                self._tell_signals(ledger, build.version)
            self._tell_late(ledger, build.late)

    @contextmanager
    def _ledger(self) -> Iterator[Ledger]:
        """Read the ledger for the block, save it, deliver what waits."""
        with _told_only_to_the_log():
            ledger = _sound_ledger(self.ledger_file)
            # What the block has put into the ledger is delivered, whatever stopped it.
            with _told_only_to_the_log():
                yield ledger
            for alert in ledger.give_up(self.raised_at):
                log.error(
                    "gave up the alert %s of %s: %s did not take it for 30 days",
                    alert.event,
                    alert.raised_at,
                    ", ".join(alert.waiting),
                    extra=said("alert_given_up", alert_id=alert.id, alert_event=alert.event, routes=[*alert.waiting]),
                )
            ledger.save()
            self._deliver(ledger)

    def _tell_failure(self, ledger: Ledger, build: Ended, checks: Sequence[FailedCheck]) -> None:
        if checks:
            lines = [
                self._word(
                    "check",
                    table=check.table,
                    column=f".{check.column}" if check.column else "",
                    expectation=check.expectation,
                )
                for check in checks[:_MOST_LINES]
            ]
            if len(checks) > _MOST_LINES:
                lines.append(self._word("more_checks", count=len(checks) - _MOST_LINES))
            cause = "|".join(sorted(f"{each.gate}:{each.table}:{each.column}:{each.expectation}" for each in checks))
            self._failed(ledger, "failed_gate", cause, lines, [asdict(check) for check in checks], build.build_id)
            return
        reason = next(iter(build.reason.splitlines()), "")
        steps = ", ".join(build.steps) or self._word("none")
        # A reason begins with its step, where one failed.
        reason = reason.removeprefix(f"{steps}: ").removesuffix(":")
        line = self._word("step", step=steps, reason=reason[:_MOST_CHARACTERS])
        self._failed(
            ledger, "failed_build", "|".join(build.steps), [line], [{"steps": list(build.steps)}], build.build_id
        )

    def _failed(
        self,
        ledger: Ledger,
        event: Event,
        cause: str,
        lines: list[str],
        items: list[dict[str, object]],
        build_id: str,
    ) -> None:
        """Raise a failure, unless its cause is what was told last; it lasts until a build publishes."""
        key = f"{_FAILURE}:{event}:{_digest(cause)}"
        if key in ledger.conditions:
            since = ledger.conditions[key].since
            log.info("alert: the build fails as was told at %s", since, extra=said("alert_known", since=since))
            return
        ledger.conditions[key] = Condition(self._at, lines[0])
        gate = str(items[0].get("gate", ""))
        text = [*lines, "", self._word("served"), self._word("look_failed", log=f"logs/{build_id}.jsonl")]
        self._raise(ledger, event, [key, build_id], text, items, gate=gate)

    def _tell_recovery(self, ledger: Ledger, build: Ended) -> None:
        failures = {key: each for key, each in ledger.conditions.items() if key.startswith(f"{_FAILURE}:")}
        if not failures:
            return
        lines = [
            self._word("published_again", build=build.build_id, since=each.since, what=each.what)
            for each in failures.values()
        ]
        for key in failures:
            del ledger.conditions[key]
        self._raise(ledger, "recovered", [*failures, build.build_id], lines, [{"build_id": build.build_id}])

    def _tell_late(self, ledger: Ledger, late: dict[str, str | None]) -> None:
        news = {feed: why for feed, why in late.items() if why and f"late:{feed}" not in ledger.conditions}
        again = [feed for feed, why in late.items() if not why and f"late:{feed}" in ledger.conditions]
        if news:
            lines = [self._word("late", feed=feed, message=why[:_MOST_CHARACTERS]) for feed, why in news.items()]
            for feed, line in zip(news, lines, strict=True):
                ledger.conditions[f"late:{feed}"] = Condition(self._at, line)
            text = [*lines, "", self._word("look_report", log=f"logs/{self.build_id}.jsonl")]
            items: list[dict[str, object]] = [{"feed": feed, "message": why} for feed, why in news.items()]
            self._raise(ledger, "late_feed", [*news, self._at], text, items, feeds=", ".join(news))
        if again:
            lines = [
                self._word("feed_again", feed=feed, since=ledger.conditions.pop(f"late:{feed}").since) for feed in again
            ]
            self._raise(ledger, "recovered", [*again, self._at], lines, [{"feed": feed} for feed in again])

    def _tell_signals(self, ledger: Ledger, version: Path) -> None:
        alerts = self.profile.alerts
        if unknown := unknown_kpis(version, alerts.kpis):
            log.warning(
                "alerts.kpis of the profile names KPIs that the registry does not have: %s",
                ", ".join(unknown),
                extra=said("unknown_kpis", kpis=unknown),
            )
        found = find_signals(version, alerts.kpis, alerts.restated_beyond)
        signals = [each for each in found if each.fingerprint not in ledger.told]
        if not signals:
            return
        ledger.told |= {each.fingerprint: self._at for each in signals}
        lines = [signal_line(each, self._language, self.profile.currency) for each in signals[: 2 * _MOST_LINES]]
        if len(signals) > len(lines):
            lines.append(self._word("more_checks", count=len(signals) - len(lines)))
        names = [each.name_zh if self._language == "zh" else each.name_en for each in signals]
        kpis = ", ".join(list(dict.fromkeys(names))[:3]) + (" …" if len(set(names)) > 3 else "")
        text = [*lines, "", self._word("look_report", log=f"logs/{self.build_id}.jsonl")]
        items = [
            {name: str(value) if name == "period_start_date" else value for name, value in asdict(each).items()}
            for each in signals
        ]
        self._raise(ledger, "kpi_signal", [each.fingerprint for each in signals], text, items, kpis=kpis)

    def _raise(
        self,
        ledger: Ledger,
        event: Event,
        makes: Sequence[str],
        lines: Sequence[str],
        items: list[dict[str, object]],
        **said_in_subject: str,
    ) -> None:
        """Put an alert into the ledger, for every route that wants its event; `makes` is what makes it this one."""
        company = self.profile.title_zh if self._language == "zh" else self.profile.title_en
        subject = self.secrets.hide(self._word(f"subject.{event}", company=company, **said_in_subject))
        alert = Alert(
            id=_digest("\n".join([self.profile.name, event, *makes])),
            event=event,
            build_id=self.build_id,
            raised_at=self._at,
            subject=subject,
            text=self.secrets.hide("\n".join(lines)) + "\n",
            items=items,
            waiting={name: "" for name, route in self.profile.alerts.routes.items() if event in route.events},
        )
        ledger.alerts.append(alert)
        log.info(
            "alert: %s", subject, extra=said("alert_raised", alert_id=alert.id, alert_event=event, items=len(items))
        )

    def _deliver(self, ledger: Ledger) -> None:
        """Hand out what waits, oldest first; a route that is down is left alone until the next build."""
        routes = self.profile.alerts.routes
        down: set[str] = set()
        for alert in ledger.alerts:
            for name in [*alert.waiting]:
                if name not in routes:
                    del alert.waiting[name]
                    continue
                if name in down:
                    continue
                fields = {"route": name, "alert_id": alert.id, "alert_event": alert.event}
                try:
                    note = deliver(alert, routes[name], self.profile.name)
                except DeliveryError as error:
                    alert.waiting[name] = self.secrets.hide(str(error))
                    if error.is_down:
                        down.add(name)
                    log.warning(
                        "alert route %s: %s; the next build tries again",
                        name,
                        error,
                        extra=said("alert_waits", **fields, problem=str(error)),
                    )
                else:
                    del alert.waiting[name]
                    ledger.save()
                    log.info(
                        "alert sent by %s%s", name, f"; {note}" if note else "", extra=said("alert_sent", **fields)
                    )
        ledger.save()

    @property
    def _at(self) -> str:
        return self.raised_at.isoformat(timespec="seconds")

    @property
    def _language(self) -> Language:
        return self.profile.alerts.language or self.profile.languages[0]

    def _word(self, key: str, **values: object) -> str:
        return word(key, self._language, **values)


@contextmanager
def _told_only_to_the_log() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        # Whatever is wrong with alerts, the build has ended as it has; the first line only, rows may be quoted below.
        text = next(iter(str(error).splitlines()), "")
        log.error(
            "alerts failed: %s: %s", type(error).__name__, text, extra=said("alerts_failed", error=type(error).__name__)
        )


def _sound_ledger(path: Path) -> Ledger:
    try:
        return Ledger.read(path)
    except ValueError as error:
        aside = path.with_suffix(".damaged.json")
        path.replace(aside)
        log.error(
            "%s; it is kept as %s, and alerts begin anew: some may come again",
            error,
            aside.name,
            extra=said("ledger_damaged", kept_as=aside.name),
        )
        return Ledger(path)


def _failed_checks(build_file: Path, build_id: str) -> list[FailedCheck]:
    """What the gates wrote of a build that they stopped; nothing where it did not get so far."""
    if not build_file.exists():
        return []
    try:
        with connect(build_file, read_only=True) as con:
            rows = con.execute(
                """
                select gate, table_name, column_name, expectation, unexpected_count
                from meta.gates
                where build_id = ? and not is_success and severity = 'stop'
                order by all
                """,
                [build_id],
            ).fetchall()
    except duckdb.Error:
        return []  # the file was not finished
    return [FailedCheck(*row) for row in rows]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
