"""A forgotten person is nowhere, comes back by no way, and takes nobody else's rows and no count with them."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from orchestration.archive.folding import fold
from orchestration.archive.replay import rebuild
from orchestration.archive.verifying import verify as verify_archive
from orchestration.cli import main
from orchestration.extract.errors import IngestError
from orchestration.extract.pseudonyms import pseudonym_of
from orchestration.forget import forgetting, journal
from orchestration.forget.errors import ForgetError
from orchestration.forget.journal import finish
from orchestration.versions.inspection import verify
from orchestration.versions.store import list_versions
from tests.company import ROOT
from tests.orchestration.archive.conftest import content_of
from tests.orchestration.forget.conftest import (
    ADDRESS,
    CANARIES,
    CONTRACT,
    EVENTS,
    MENTION,
    NAME,
    OLD_PHONE,
    PHONE,
    SAID,
    START,
    TICKETS,
    WHOM,
    Company,
    copy_of,
)


def tree(company: Company) -> dict[str, str]:
    """Every file with its content, but for the lock and the key."""
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in company.files()}


def rows(company: Company, sql: str) -> list[tuple[object, ...]]:
    return company.desk.query(sql)


def published(company: Company, build_id: str, sql: str) -> list[tuple[object, ...]]:
    path = company.workspace.published_dir / f"warehouse_{build_id}.duckdb"
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(sql).fetchall()


def holds_together(company: Company) -> None:
    """Archive, ingest file and versions are whole and say the same."""
    place = company.workspace
    assert verify_archive(place.archive_dir, place.ingest_file) == []
    again = place.root / "again.duckdb"
    rebuild(place.archive_dir, again, CONTRACT)
    assert content_of(again) == content_of(place.ingest_file)
    again.unlink()
    for version in list_versions(place.published_dir):
        assert verify(version.path, version.build_id) == []
    assert not (place.root / journal.STAGING).exists()


def test_the_canaries_are_everywhere_before(company: Company) -> None:
    where = company.found(CANARIES)
    for place in ("ingest.duckdb", "archive/customers", "archive/tickets", "archive/ticket_events", "_b.duckdb",
                  "_c.duckdb", "dbt.log", "runs.db", "build.log", "restated"):  # fmt: skip
        assert [hit for hit in where if place in hit], place
    assert len(rows(company, "select 1 from raw.rejects")) == 4


def test_a_forgotten_person_is_nowhere(company: Company) -> None:
    done = company.forget()
    assert company.found(CANARIES) == []
    assert not company.workspace.builds_dir.exists()
    assert not (company.workspace.root / "restated").exists()
    assert done.counts["raw.tickets"] == 2  # the other's mentions the telephone
    holds_together(company)


def test_what_happened_stays_and_is_counted_as_before(company: Company) -> None:
    before = {name: len(kept) for name, (_, kept) in content_of(company.workspace.ingest_file).items()}
    done = company.forget()
    assert {name: len(kept) for name, (_, kept) in content_of(company.workspace.ingest_file).items()} == before
    who = done.pseudonym
    assert who.startswith("forgotten-")
    tickets = "select ticket_id, customer_id, symptom, cast(created_at as varchar) from raw.tickets order by all"
    assert rows(company, tickets) == [
        ("T1", who, None, "2026-05-31 16:00:00"),
        ("T2", "K2", f"wie bei *** und ***; {ADDRESS}", "2026-06-01 16:00:00"),
    ]
    assert rows(company, "select event_id, note from raw.ticket_events order by all") == [("E1", None), ("E2", "fine")]
    assert rows(company, "select customer_id, customer_name, phone, email, address, customer_kind, _overflow "
                         "from raw.customers order by all") == [
        ("K2", "Else Anders", "+49 30 1234567", "else@canary.example", "苏州市和平路77号", "person",
         '{"more":"besides: Else Anders"}'),
        (who, None, None, None, None, "person", None),
    ]  # fmt: skip
    kinds = rows(company, "select feed, reason_kinds, row_json like '{\"forgotten\": %' from raw.rejects order by all")
    assert kinds == [("customers", ["allowed_values"], True), ("ticket_events", ["required"], True),
                     ("tickets", ["cast"], True), ("tickets", ["required"], True)]  # fmt: skip


def test_versions_are_written_anew_under_new_names(company: Company) -> None:
    folder = company.workspace.published_dir
    old = {version.build_id: version for version in list_versions(folder)}
    untouched = old["20260701T000000Z_a"].path.read_bytes()
    done = company.forget()
    new = list_versions(folder)
    assert [version.build_id for version in new] == [
        "20260701T000000Z_a", "20260702T000000Z_b-f1", "20260703T000000Z_c-f1",
    ]  # fmt: skip
    assert [version.is_pinned for version in new] == [False, True, False]
    assert [version.is_current for version in new] == [False, False, True]
    assert new[0].path.read_bytes() == untouched  # it did not know the person
    served = new[2].build_id
    assert published(company, served, "select customer_id, customer_name, region from marts.dim_customers") == [
        (done.pseudonym, None, "North"), ("K2", "Else Anders", "South"),
    ]  # fmt: skip
    assert published(company, served, "select customer_id, comment, rating from marts.fct_reviews") == [
        (done.pseudonym, None, 4), ("K2", "wie bei ***", 2),
    ]  # fmt: skip
    assert published(company, served, "select audit_id, comment from marts.fct_audits") == [
        ("A1", None), ("A2", "in order"),
    ]  # fmt: skip
    assert published(company, served, "select message from meta.gates") == [
        (f"found {done.pseudonym}; K7700 too",),
    ]  # fmt: skip
    assert published(company, served, "select request, forgotten_at::varchar from meta.forgotten") == [
        ("F1", "2026-07-31 00:00:00"),
    ]  # fmt: skip
    assert published(company, served, "select comment from duckdb_tables() where table_name = 'fct_audits'") == [
        ("What was found",),
    ]  # fmt: skip


def test_a_version_whose_keys_are_hashed_loses_the_hash(company: Company) -> None:
    salt = b"salt-of-the-canary-company"
    folder = company.workspace.published_dir
    (served,) = [version for version in list_versions(folder) if version.is_current]
    hashed = pseudonym_of(salt, WHOM)
    with duckdb.connect(str(served.path)) as con:
        con.execute("update marts.dim_customers set customer_id = ? where customer_id = ?", [hashed, WHOM])
    done = company.forget(salt=salt)
    assert company.found([hashed]) == []
    kept = published(company, f"{served.build_id}-f1", "select customer_id from marts.dim_customers")
    assert (pseudonym_of(salt, done.pseudonym),) in kept


def test_the_source_does_not_bring_the_person_back(company: Company) -> None:
    done = company.forget()
    before = content_of(company.workspace.ingest_file)
    company.desk.drop("tickets.csv", TICKETS.replace(MENTION, f"wie bei *** und ***; {ADDRESS}"))
    results = company.run()
    assert {name: result.inserted + result.replaced + result.deleted for name, result in results.items()} == {
        "customers": 0, "ticket_events": 0, "tickets": 0,
    }  # fmt: skip
    assert results["customers"].suppressed == 2  # one is refused
    # Files that changed are read as a whole; a new request of the person is one of the pseudonym.
    others = TICKETS.replace(MENTION, "wie gehabt")  # texts of others come as they are delivered
    company.desk.drop("tickets.csv", f"{others}T9,{WHOM},{SAID},2026-06-09\n")
    company.desk.drop("events.csv", f"{EVENTS}E4,T1,created,{SAID},2026-06-04\n")
    company.customer(WHOM, NAME, "+49 171 5550222", "new@canary.example", "elsewhere")
    results = company.run()
    assert (results["tickets"].inserted, results["tickets"].suppressed) == (1, 4)
    assert (results["ticket_events"].inserted, results["ticket_events"].suppressed) == (1, 3)
    assert (results["customers"].replaced, results["customers"].suppressed) == (0, 2)
    assert rows(company, "select sum(suppressed) from raw.batches where batch_id = 'b5'") == [(9,)]
    assert company.found([*CANARIES, "5550222", "new@canary"]) == []
    assert rows(company, f"select ticket_id, symptom from raw.tickets where customer_id = '{done.pseudonym}' "
                         "order by all") == [("T1", None), ("T9", None)]  # fmt: skip
    assert len(before["raw.rejects"][1]) == len(content_of(company.workspace.ingest_file)["raw.rejects"][1])
    holds_together(company)


def test_a_lost_ingest_file_does_not_bring_the_person_back(company: Company) -> None:
    company.forget()
    place = company.workspace
    place.ingest_file.unlink()
    rebuild(place.archive_dir, place.ingest_file, CONTRACT)
    company.run()
    assert company.found(CANARIES) == []
    holds_together(company)


def test_without_the_key_nothing_is_landed(company: Company) -> None:
    company.forget()
    (company.workspace.forgotten_dir / "key").unlink()
    with pytest.raises(IngestError, match=r"key is missing.*Put it back"):
        company.run()


def test_the_register_names_nobody(company: Company) -> None:
    company.forget()
    kept = json.loads((company.workspace.forgotten_dir / "forgotten.json").read_text())
    (request,) = kept["requests"]
    assert (request["request"], request["acts"][0]["reason"]) == ("F1", "asked in writing")
    assert request["acts"][0]["counts"]["raw.customers"] == 1
    assert (company.workspace.forgotten_dir / "key").stat().st_mode & 0o777 == 0o600
    for text in CANARIES:
        plain = hashlib.sha256(text.encode()).hexdigest()
        assert plain not in json.dumps(kept)


def test_a_folded_archive_loses_the_person(company: Company) -> None:
    place = company.workspace
    assert fold(place.ingest_file, place.archive_dir, CONTRACT, START.replace(year=2027)) is not None
    assert company.found([WHOM])
    company.forget()
    # The number of before is folded away: nothing tells any more that it stood for the person, in somebody else's text.
    assert company.found([each for each in CANARIES if each != OLD_PHONE]) == []
    holds_together(company)


def test_a_second_person_and_the_first_once_more(company: Company) -> None:
    first = company.forget()
    second = company.forget("K2")
    assert second.pseudonym != first.pseudonym
    assert [version.build_id[-3:] for version in list_versions(company.workspace.published_dir)] == [
        "Z_a",
        "-f2",
        "-f2",
    ]
    again = company.forget()
    assert (again.counts, again.is_new, again.pseudonym) == ({}, False, first.pseudonym)
    assert company.found([*CANARIES, "Else Anders", "苏州市和平路77号"]) == []
    company.run()
    assert company.found([*CANARIES, "Else Anders", "苏州市和平路77号"]) == []
    holds_together(company)


def test_a_dry_run_changes_nothing(company: Company) -> None:
    company.forget("nobody at all", is_dry=True)  # settles what there is to settle, and makes the key
    before = tree(company)
    done = company.forget(is_dry=True)
    assert tree(company) == before
    assert done.counts["raw.customers"] == 1
    assert "build" in done.removed


def test_nobody_of_that_number(company: Company) -> None:
    before = company.found(CANARIES)
    assert company.forget("K4").counts == {}
    assert company.found(CANARIES) == before
    assert not (company.workspace.forgotten_dir / "forgotten.json").exists()


def test_what_was_set_aside_is_in_the_way(company: Company) -> None:
    aside = company.workspace.ingest_file.with_name("set_aside_20260701T000000Z_ingest.duckdb")
    shutil.copyfile(company.workspace.ingest_file, aside)
    with pytest.raises(ForgetError, match=f"{aside.name}.*--discard-set-aside"):
        company.forget()
    company.forget(discards_set_aside=True)
    assert not aside.exists()
    assert company.found(CANARIES) == []


def test_a_reason_that_tells_who_is_refused(company: Company) -> None:
    with pytest.raises(ForgetError, match="the reason tells who it is"):
        company.forget(reason=f"{NAME} wrote to us")
    assert company.found([PHONE])


def test_a_number_in_a_column_without_class_stops_it(company: Company) -> None:
    company.desk.drop("tickets2.csv", f"id,who,note,day\nGD-{WHOM}-1,{WHOM},x,2026-06-01\n")
    company.run()
    with pytest.raises(ForgetError, match=r"raw\.tickets\.ticket_id: 1 rows"):
        company.forget()
    assert rows(company, f"select count(*) from raw.tickets where customer_id = '{WHOM}'") == [(2,)]
    assert finish(company.workspace.root, company.workspace.published_dir) is False


class Killed(BaseException):
    """Stands for a kill: nothing after it is done."""


def kill_at(patch: pytest.MonkeyPatch, last: int) -> list[journal.Step]:
    """Let the process die before it does the step of this number; return what was done."""
    done: list[journal.Step] = []
    real = journal._do

    def dying(root: Path, step: journal.Step) -> None:
        if len(done) == last:
            raise Killed
        real(root, step)
        done.append(step)

    patch.setattr(journal, "_do", dying)
    return done


def test_a_kill_between_any_two_steps_is_finished_by_the_next_run(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        kill_at(patch, 0)
        with pytest.raises(Killed):
            company.forget()
    assert company.found(CANARIES)  # decided, and nothing done
    ends = set()
    for last in range(1, 100):
        half = copy_of(company, tmp_path / f"killed_{last}")
        place = half.workspace
        with monkeypatch.context() as patch:
            done = kill_at(patch, last)
            try:
                finish(place.root, place.published_dir)
                is_done = True
            except Killed:
                is_done = False
        if not is_done:
            finish(place.root, place.published_dir)  # what a build does first
        assert half.found(CANARIES) == [], last
        ends.add(frozenset((Path(path).relative_to(place.root), content) for path, content in tree(half).items()))
        if last % 8 == 1:
            holds_together(half)
        shutil.rmtree(place.root)
        if is_done:
            break
    assert {step.kind for step in done} == {"move", "delete", "serve"}
    assert len(done) == last > 15
    assert len(ends) == 1  # the same files, byte for byte, wherever it was killed


def test_a_kill_before_the_decision_changes_no_data(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    data = [path for path in company.files() if path.suffix in (".duckdb", ".parquet")]
    before = {path: path.read_bytes() for path in data}

    def dying(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(forgetting, "commit", dying)
        with pytest.raises(Killed):
            company.forget()
    assert finish(company.workspace.root, company.workspace.published_dir) is False
    assert {path: path.read_bytes() for path in data} == before
    company.run()
    assert rows(company, f"select count(*) from raw.customers where customer_id = '{WHOM}'") == [(1,)]
    company.forget()
    assert company.found(CANARIES) == []
    holds_together(company)


KILLED = """
import os, signal, sys
from pathlib import Path
from orchestration.forget import journal
from tests.orchestration.extract.conftest import Desk
from tests.orchestration.forget.conftest import FEEDS, Company

real = journal._do
def dying(root, step):
    real(root, step)
    if step.kind == "serve":
        os.kill(os.getpid(), signal.SIGKILL)
journal._do = dying
Company(Desk(Path(sys.argv[1]), FEEDS)).forget()
"""


def test_a_process_that_is_killed_at_the_switch(company: Company) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, company.desk.root], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(list_versions(company.workspace.published_dir)) == 5  # old and new; each whole
    assert finish(company.workspace.root, company.workspace.published_dir) is True
    assert company.found(CANARIES) == []
    holds_together(company)


def test_a_copy_of_before_that_is_put_back_is_forgotten_again(company: Company, tmp_path: Path) -> None:
    before = copy_of(company, tmp_path / "copy").workspace
    first = company.forget()
    place = company.workspace
    for name in ("archive", "ingest"):
        shutil.rmtree(place.root / name)
        shutil.copytree(before.root / name, place.root / name)
    company.customer(WHOM, NAME, "+49 171 5550222", "", "elsewhere")
    company.run()  # lands the person under the pseudonym, beside what was put back
    shutil.rmtree(before.root)
    again = company.forget()
    assert again.pseudonym == first.pseudonym
    assert rows(company, "select customer_id from raw.customers order by all") == [("K2",), (first.pseudonym,)]
    assert company.found(CANARIES) == []
    holds_together(company)


def test_the_command(company: Company) -> None:
    root = company.workspace.root

    def run(*arguments: str) -> Result:
        options = ["--profile", str(root / "desk.yml"), "--data-dir", str(root.parent)]
        return CliRunner().invoke(
            main, [*options, "forget", *arguments], env={"AFTERSALES_PROFILE": None, "AFTERSALES_DATA_DIR": None}
        )

    assert company.desk.profile.name == "desk"  # writes the profile
    unknown = run("K4")
    assert (unknown.exit_code, "nothing here knows the customer" in unknown.output) == (1, True)
    assert run(WHOM, "--source", "nowhere").exit_code == 2
    dry = run(WHOM, "--dry-run")
    assert (dry.exit_code, "nothing was changed" in dry.output) == (0, True)
    assert company.found([WHOM])
    done = run(WHOM, "--source", "crm")
    assert (done.exit_code, "forgotten by request F1" in done.output) == (0, True)
    assert company.found(CANARIES) == []
    again = run(WHOM)
    assert (again.exit_code, "forgotten before, by request F1" in again.output) == (0, True)
