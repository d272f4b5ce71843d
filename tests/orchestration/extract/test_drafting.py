"""What `profile new` writes of a source that nobody prepared: a draft that guesses openly and keeps secrets."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import boto3
import duckdb
import pytest
import xlsxwriter
import yaml
from moto.server import ThreadedMotoServer

from orchestration.extract.contract import read_contract
from orchestration.extract.date_readings import read_dates
from orchestration.extract.drafting import Company, draft
from orchestration.extract.errors import ExtractError, ProfileError
from orchestration.extract.inspect_source import inspect_source
from orchestration.extract.landing import FeedResult, land_feed, prepare_ingest
from orchestration.extract.matching import read_synonyms
from orchestration.extract.personal import is_personal_name, is_personal_value
from orchestration.extract.preview import look
from orchestration.extract.profile import Profile, load_profile
from tests.company import SHARED_DATA
from tests.orchestration.extract.databases import Database
from tests.orchestration.extract.http_service import HttpService, serve

BANK_AS_NEW = Path(__file__).with_name("bank_as_new.yml")
TOLD = Company("acme", "Asia/Jerusalem", "ILS")


def new(place: str | Path, *, company: Company = TOLD, feed: str | None = None, **environment: str) -> str:
    inspection = inspect_source(str(place), environment)
    return draft(inspection, read_contract(), company, feed=feed, today=date(2026, 7, 1))


def mistakes(text: str, tmp_path: Path, **environment: str) -> list[str]:
    """What the loader says of a draft; none where it loads as it is."""
    path = tmp_path / "draft.yml"
    path.write_text(text, encoding="utf-8")
    try:
        load_profile(path, environment, profile_data=tmp_path)
    except ProfileError as error:
        return list(error.mistakes)
    return []


def listed(text: str) -> list[int]:
    """The lines that the first lines of a draft say are to be filled in."""
    return [int(line) for line in re.findall(r"^#   line (\d+):", text, re.MULTILINE)]


# The format of a call log as one bank keeps it; the rows are made up.
BANK_HEADER = (
    "vru+line\tcall_id\tcustomer_id\tpriority\ttype\tdate\tvru_entry\tvru_exit\tvru_time\tq_start\tq_exit\tq_time\t"
    "outcome\tser_start\tser_exit\tser_time\tserver\r\n"
)


def bank_rows(count: int = 240) -> str:
    lines = [BANK_HEADER]
    for n in range(count):
        hour, outcome = 7 + n % 12, ("AGENT", "AGENT", "HANG", "PHANTOM")[n % 4]
        server = ("MOSHE", "RINA")[n % 8 // 4] if outcome == "AGENT" else "NO_SERVER"
        served = (f"{hour}:01:30", f"{hour}:04:00", "150") if outcome == "AGENT" else ("0:00:00", "0:00:00", "0")
        values = [
            f"AA01{n % 3:02}", str(500 + n // 2), "0" if n % 2 else str(70_000 + n), "0", ("PS", "NW")[n % 2],
            f"9902{1 + n % 28:02}", f"{hour}:01:05", f"{hour}:01:12", "7", "0:00:00", "0:00:00", "0",
            outcome, *served, server,
        ]  # fmt: skip
        lines.append("\t".join(values) + "\r\n")
    return "".join(lines)


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    folder = tmp_path / "branch_calls"
    folder.mkdir()
    (folder / "march2001.txt.gz").write_bytes(gzip.compress(bank_rows().encode()))
    return folder


def test_a_call_log_nobody_prepared(bank: Path, tmp_path: Path) -> None:
    text = new(bank)
    (binding,) = yaml.safe_load(text)["feeds"]["calls"]
    columns = binding["columns"]

    assert (binding["path"], binding["format"]) == ("march2001.txt.gz", "tsv")
    assert columns["call_id"] == "call_id"
    assert columns["customer_id"] == "customer_id"
    assert columns["outcome"]["values"] == {"AGENT": "TODO", "HANG": "TODO", "PHANTOM": "phantom"}
    assert columns["offered_at"] == columns["direction"] == columns["call_leg_id"] == "TODO"
    # What is no sure match is a remark, not a mapping.
    assert "queue_seconds" not in columns
    assert re.search(r"# queue_seconds: q_time +# decimal\(18,3\), seconds. Waiting in the queue", text)
    assert re.search(r"# wrap_seconds: \? ", text)
    assert "# key: vru+line, call_id" in text
    assert """perhaps call_leg_id: '"vru+line" || ''-'' || call_id'""" in text
    assert """perhaps offered_at: {expr: "date || ' ' || vru_entry", format: "%y%m%d %H:%M:%S"}""" in text
    assert "0:00:00 in 120 rows may mean never" in text
    assert re.search(r"AGENT: TODO +# 120 rows, answered\?", text)
    assert re.search(r"#   date +whole +100% +28 +\d{6}, \d{6}, \d{6} \(as dates: %y%m%d\)", text)
    assert "its name says calls" in text

    lines = [int(mistake.split(":")[1]) for mistake in mistakes(text, tmp_path)]
    tasks = listed(text)
    assert [line for line in tasks if "values mean" not in text.splitlines()[line - 1]] == tasks
    assert set(tasks) <= set(lines)
    assert all("is still TODO" in mistake for mistake in mistakes(text, tmp_path))


def test_the_draft_of_a_call_log_becomes_a_profile_by_what_it_proposes(bank: Path, tmp_path: Path) -> None:
    """Only proposals of the draft itself are taken: an engineer chooses, and writes no SQL."""
    text = new(bank)
    proposed = dict(re.findall(r"#   perhaps (call_leg_id|offered_at): (.*?)   ", text)[::2])
    for old, made in [
        ("call_leg_id: TODO", f"call_leg_id: {proposed['call_leg_id']}"),
        ("direction: TODO", "direction: \"'inbound'\""),
        ("offered_at: TODO", f"offered_at: {proposed['offered_at']}"),
        ("AGENT: TODO", "AGENT: answered"),
        ("HANG: TODO", "HANG: abandoned"),
    ]:
        assert f" {old} " in text
        text = text.replace(f" {old} ", f" {made} ")
    assert mistakes(text, tmp_path) == []
    profile = load_profile(tmp_path / "draft.yml", {}, profile_data=tmp_path)
    (seen,) = look(profile, read_contract(), now=datetime(2026, 7, 1, tzinfo=UTC))
    assert seen.error is None
    assert (seen.refusals, seen.repeated_keys, len(seen.rows)) == ((), 0, 10)


def test_a_key_is_made_of_columns_that_are_meant_for_one(tmp_path: Path) -> None:
    """A time of day that is unique in these rows is so by chance."""
    rows = "".join(f"{n // 2},{n % 2},10:{n:02}:00\n" for n in range(20))
    (tmp_path / "calls.csv").write_text(f"call_id,line,call_start\n{rows}")
    assert "# key: call_id, line (together unique in these rows)" in new(tmp_path / "calls.csv", feed="calls")


def test_it_loads_as_it_is_where_nothing_is_open(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("customer_id,customer_kind,updated_at\nC1,person,2026-06-01 10:00:00\n")
    text = new(tmp_path / "customers.csv")
    assert mistakes(text, tmp_path) == []
    assert listed(text) == []
    assert [line.split(":")[0] for line in mistakes(new(tmp_path / "customers.csv", company=Company()), tmp_path)]


@pytest.mark.parametrize(
    ("values", "formats"),
    [
        (["01/03/2026 10:00", "05/04/2026 11:30"], ["%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"]),
        (["01/03/2026 10:00", "29/04/2026 11:30"], ["%d/%m/%Y %H:%M"]),
        (["1/3/2026", "4/29/2026"], ["%m/%d/%Y"]),
        (["01.03.26", "05.04.26"], ["%y.%m.%d", "%d.%m.%y", "%m.%d.%y"]),
        (["2026-03-01 10:00:00", "2026-04-05T11:30:00+08:00"], [None]),
        (["2026/3/1", "2026/12/31"], ["%Y/%m/%d"]),
        (["990201", "990228"], ["%y%m%d"]),
        (["010203"], ["%y%m%d", "%d%m%y", "%m%d%y"]),
        (["20260701093000"], ["%Y%m%d%H%M%S"]),
        (["2026年7月1日", "2026年12月31日"], ["%Y年%m月%d日"]),
        (["2026-07", "2026-08"], ["%Y-%m"]),
        (["3/4/2026 1:16 PM", "3/25/2026 1:16 AM"], ["%m/%d/%Y %I:%M %p"]),
        (["12 Feb 2026"], ["%d %b %Y"]),
        (["hello", "2026-07-01"], []),
        (["99/99/9999"], []),
    ],
)
def test_dates_have_every_reading_that_they_can_have(values: list[str], formats: list[str | None]) -> None:
    with duckdb.connect() as con:
        readings = read_dates(con, values)
    assert [way.format for way in readings.ways] == formats
    assert readings.is_ambiguous == (len(formats) > 1)


def test_a_broken_date_does_not_hide_the_format_of_the_others() -> None:
    values = [f"2026/0{month}/{day:02}" for month in (1, 3) for day in range(1, 31)] + ["2026/02/31"]
    with duckdb.connect() as con:
        readings = read_dates(con, values)
    assert [way.format for way in readings.ways] == ["%Y/%m/%d"]
    assert readings.misfits == ("2026/02/31",)


def test_day_and_month_are_never_guessed(tmp_path: Path) -> None:
    file = tmp_path / "tickets.csv"
    file.write_text("ticket_id,status,created_at,resolved_at\n1,open,01/03/2026,2026-03-05\n2,open,05/04/2026,\n")
    text = new(file)
    columns = yaml.safe_load(text)["feeds"]["tickets"][0]["columns"]

    assert columns["created_at"] == {"expr": "created_at", "format": "TODO"}
    assert columns["resolved_at"] == "resolved_at"
    assert "format: \"%d/%m/%Y\" reads '01/03/2026' as 2026-03-01" in text
    assert "format: \"%m/%d/%Y\" reads '01/03/2026' as 2026-01-03" in text
    (mistake,) = mistakes(text, tmp_path)
    assert "created_at.format: is still TODO" in mistake
    assert mistake.split(":")[1] in {str(line) for line in listed(text)}

    file.write_text(file.read_text() + "3,open,13/04/2026,\n")
    proven = new(file)
    assert yaml.safe_load(proven)["feeds"]["tickets"][0]["columns"]["created_at"]["format"] == "%d/%m/%Y"
    assert "'13/04/2026' has no other reading" in proven
    assert mistakes(proven, tmp_path) == []


def test_personal_data_and_free_text_are_not_written(tmp_path: Path) -> None:
    rows = [
        f"C{n},Zork {n},1380000{n:04},p{n}@example.com,Elm Road {n},likes tea number {n},{n % 2},+86 138 0000 {n:04}"
        for n in range(40)
    ]
    header = "customer_id,customer_name,mobile,email,addr,remark,kind,fallback"
    (tmp_path / "customers.csv").write_text("\n".join([header, *rows]) + "\n")
    text = new(tmp_path / "customers.csv")

    assert "C1" in text
    for secret in ("Zork", "1380000", "example.com", "Elm Road", "likes tea", "+86"):
        assert secret not in text
    assert yaml.safe_load(text)["feeds"]["customers"][0]["columns"]["phone"] == "mobile"


@pytest.mark.parametrize("name", ["customer_name", "fullName", "手机号", "客户姓名", "E-mail", "ContactPhone", "addr1"])
def test_names_of_personal_columns(name: str) -> None:
    assert is_personal_name(name)


@pytest.mark.parametrize("value", ["a@b.cn", "13812345678", "+49 30 1234567", "11010519491231002X", "021-12345678"])
def test_personal_values(value: str) -> None:
    assert is_personal_value(value)


@pytest.mark.parametrize("value", ["GD25062400002", "990201", "20260701", "2026-07-01", "7:02:47", "-12.50", "35690"])
def test_values_that_say_nothing_of_a_person(value: str) -> None:
    assert not is_personal_value(value)


def test_what_a_header_or_a_value_says_stays_in_its_place(tmp_path: Path) -> None:
    """A line break in either must not become a line of the profile."""
    header = 'ticket_id,status,created_at,"bad\n  evil: yes","a\'b""c",select'
    rows = '1,"open\n- x",2026-01-01,x,y,z\n2,"open\n- x",2026-01-02,x,y,z\n'
    (tmp_path / "tickets.csv").write_text(f"{header}\n{rows}")
    text = new(tmp_path / "tickets.csv")
    profile = yaml.safe_load(text)

    assert set(profile) == {"name", "title", "time_zone", "currency", "sources", "feeds"}
    assert set(profile["feeds"]["tickets"][0]) == {"source", "path", "columns"}
    assert profile["feeds"]["tickets"][0]["columns"]["status"]["values"] == {"open\n- x": "TODO"}


def test_how_files_are_written_is_found_out(tmp_path: Path) -> None:
    folder = tmp_path / "drops"
    folder.mkdir()
    rows = "工单号;状态;创建时间\n" + "".join(f"GD{n};新建;2026-06-{n:02} 10:00:00\n" for n in range(1, 21))
    (folder / "工单.csv").write_bytes(f"报表导出 2026\n\n{rows}".encode("gb18030"))
    for day in (1, 2):
        (folder / f"calls_2026-07-0{day}.csv").write_text("call_id,direction,talk_time\n1,inbound,60\n2,inbound,5\n")
    (folder / "bare.csv").write_text("1,2026-01-01,5\n2,2026-01-02,6\n")
    (folder / "export.jsonl").write_text(json.dumps({"complaint_id": "1", "raised_at": "2026-01-01"}) + "\n")
    with xlsxwriter.Workbook(folder / "book.xlsx") as book:
        for name, head in (("staff", "technician_id"), ("Notes", "text")):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, [head, "role", "hired_date"])
            sheet.write_row(1, 0, ["T1", "agent", "2026-01-01"])
    (folder / "readme.md").write_text("nothing")
    text = new(folder)
    feeds = yaml.safe_load(text)["feeds"]

    (tickets,) = feeds["tickets"]
    assert (tickets["path"], tickets["delimiter"], tickets["encoding"]) == ("工单.csv", ";", "gb18030")
    assert tickets["skip_rows"] == 2
    assert tickets["columns"]["ticket_id"] == "工单号"
    assert tickets["columns"]["created_at"] == "创建时间"
    assert tickets["columns"]["status"]["values"] == {"新建": "TODO"}
    assert "new?" in text
    (calls,) = feeds["calls"]
    assert calls["path"] == "calls_*.csv"
    assert "2 files such as calls_2026-07-01.csv" in text
    assert feeds["complaints"][0]["path"] == "export.jsonl"
    assert feeds["technicians"][0]["sheet"] == "staff"
    assert "# bare.csv fits no feed well enough" in text
    assert "column_1, column_2, column_3" in text
    assert "readme" not in text
    assert "technician_id: technician_id" in new(folder / "book.xlsx", feed="technicians")


def test_objects_of_a_store_are_drafted_like_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIACANARY0000000001")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary/secret")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        url = "http://{}:{}".format(*server.get_host_and_port())
        client = boto3.client("s3", endpoint_url=url, region_name="us-east-1")
        client.create_bucket(Bucket="drops")
        client.put_object(Bucket="drops", Key="crm/sites.csv", Body="site_id,site_name,city\nS1,Shop,Berlin\n")
        client.put_object(Bucket="drops", Key="other/x.csv", Body="x,y\n1,2\n")
        texts = [new(place, AWS_ENDPOINT_URL=url) for place in ("s3://drops/crm", "s3://drops/crm/*.csv")]
    finally:
        server.stop()
    for text in texts:
        profile = yaml.safe_load(text)
        assert profile["sources"]["crm"] == {"connector": "files", "root": "s3://drops/crm", "endpoint_url": url}
        assert profile["feeds"]["sites"][0]["path"] == "sites.csv"
        assert "canary" not in text.lower()


def test_one_feed_can_be_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n")
    (tmp_path / "b.csv").write_text("site_id,y\n1,2\n")
    feeds = yaml.safe_load(new(tmp_path, feed="sites"))["feeds"]
    assert [binding["path"] for binding in feeds["sites"]] == ["b.csv"]
    assert yaml.safe_load(new(tmp_path))["feeds"] == {}


def test_a_database_is_drafted_with_its_keys_and_cursors_and_without_its_password(database: Database) -> None:
    database.execute(
        "create table client (cust_no varchar(20) primary key, cust_name varchar(50), is_deleted int, "
        "modified_at timestamp null)",
        "insert into client values ('C1', 'Wang Wu', 0, '2026-06-01 10:00:00'), ('C2', 'Li Si', 1, '2026-06-02')",
        "create table audit_trail (n int primary key, blob_text varchar(20))",
        "insert into audit_trail values (1, 'x')",
    )
    password = database.with_url(lambda url: url).url.split(":")[2].split("@")[0]
    text = new(database.url)
    (binding,) = yaml.safe_load(text)["feeds"]["customers"]

    assert password not in text
    assert "Wang Wu" not in text
    variable = re.findall(r"\$\{(\w+_PASSWORD)\}", text)[0]
    assert f"set {variable}" in text
    assert binding["table"] == "client"
    assert binding["columns"] == {"customer_id": "cust_no", "customer_name": "cust_name", "updated_at": "modified_at"}
    assert "# key: cust_no (its primary key)" in text
    assert "# cursor: {column: modified_at, lookback_days: 3}" in text
    assert '# deleted: "is_deleted …"' in text
    assert "# table audit_trail fits no feed well enough" in text


def test_a_database_that_cannot_be_read_keeps_its_password() -> None:
    for url in ("postgresql://reader:canary-9@127.0.0.1:1/crm", "oracle+nothing://reader:canary-9@h/x"):
        with pytest.raises(ExtractError) as caught:
            new(url)
        assert "canary-9" not in str(caught.value)


@pytest.fixture(scope="module")
def http() -> Iterator[HttpService]:
    with serve() as service:
        yield service


SURVEYS = [
    {
        "answer_id": f"A{n}",
        "question_kind": "csat",
        "score": 4 + n % 2,
        "answered_at": f"2026-06-0{1 + n % 9}T10:00:00Z",
    }
    for n in range(6)
]


@pytest.mark.parametrize(
    ("paging", "paginate"),
    [
        ("none", {"kind": "page", "parameter": "page", "first": 1}),
        ("link_header", {"kind": "link_header"}),
        ("next_url", {"kind": "next_url", "next": "next"}),
        ("cursor", {"kind": "cursor", "next": "meta.next", "parameter": "TODO"}),
    ],
)
def test_a_service_is_drafted_with_its_record_path_and_pages(
    http: HttpService, tmp_path: Path, paging: str, paginate: Mapping[str, str]
) -> None:
    http.reset()
    http.paging, http.records = paging, {"surveys": SURVEYS}
    text = new(f"{http.url}/surveys?api_key=canary-7&size=2")
    profile = yaml.safe_load(text)
    (source,) = profile["sources"].values()
    (binding,) = profile["feeds"]["survey_answers"]

    assert "canary-7" not in text
    assert source["url"] == http.url
    assert binding["endpoint"] == "surveys"
    assert binding["records"] == "data.items"
    assert binding["params"]["size"] == "2"
    assert re.fullmatch(r"\$\{\w+_API_KEY\}", binding["params"]["api_key"])
    assert binding.get("paginate") == paginate
    assert binding["columns"]["raw_score"] == "score"
    assert "`paginate` is a guess" in re.sub(r"[\s#]+", " ", text)
    assert all("TODO" in mistake or "is not set" in mistake for mistake in mistakes(text, tmp_path))


def test_a_service_that_answers_with_a_list_alone(http: HttpService) -> None:
    http.reset()
    http.bare, http.records = True, {"surveys": SURVEYS}
    (binding,) = yaml.safe_load(new(f"{http.url}/surveys"))["feeds"]["survey_answers"]
    assert not {"records", "paginate", "params"} & set(binding)


def test_a_token_is_taken_from_the_environment_and_written_as_its_name(http: HttpService) -> None:
    http.reset()
    http.records = {"surveys": SURVEYS}
    http.knows = lambda asked: asked.headers["Authorization"] == "Bearer canary-7"
    with pytest.raises(ExtractError, match="401"):
        new(f"{http.url}/surveys")
    inspection = inspect_source(f"{http.url}/surveys", {"TOKEN": "canary-7"}, bearer="TOKEN")
    assert inspection.source["auth"] == {"kind": "bearer", "token": "${TOKEN}"}
    assert "canary-7" not in str(inspection)
    with pytest.raises(ExtractError, match="TOKEN is not set"):
        inspect_source(f"{http.url}/surveys", {}, bearer="TOKEN")


def test_a_place_with_nothing_to_read_is_an_error_that_says_what_was_expected(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("x")
    with pytest.raises(ExtractError, match=r"expected files ending in .csv.*found only notes.md"):
        new(tmp_path)
    with pytest.raises(ExtractError, match="there is no folder"):
        new(tmp_path / "gone" / "*.csv")
    (tmp_path / "empty.csv").write_text("")
    assert "empty.csv could not be read" in new(tmp_path / "empty.csv")


def test_synonyms_are_of_names_that_the_contract_has() -> None:
    feeds = [feed for feed in read_contract().values() if feed.schema == "raw"]
    synonyms = read_synonyms()
    assert set(synonyms.feeds) == {feed.name for feed in feeds}
    assert set(synonyms.columns) == {column.name for feed in feeds for column in feed.columns}
    assert set(synonyms.values) <= {
        value for feed in feeds for column in feed.columns for value in column.allowed_values
    }


def land(profile: Profile, feed: str, ingest: Path) -> FeedResult:
    contract = read_contract()
    prepare_ingest(ingest, {feed: contract[feed]})
    now = datetime(2026, 7, 1, tzinfo=UTC)
    return land_feed(ingest, contract[feed], profile, batch_id="b", landed_at=now, log=lambda _: None)


@pytest.mark.skipif(
    not SHARED_DATA.is_dir(), reason=f"the public data sets are not here: {SHARED_DATA} (set AFTERSALES_PUBLIC_DATA)"
)
def test_the_profile_made_from_a_draft_lands_the_figures_that_others_published(tmp_path: Path) -> None:
    """docs/new_profile_walkthrough.md tells how it was made."""
    profile = load_profile(BANK_AS_NEW, {"AFTERSALES_PUBLIC_DATA": str(SHARED_DATA)}, profile_data=tmp_path)
    result = land(profile, "calls", tmp_path / "ingest.duckdb")
    with duckdb.connect(str(tmp_path / "ingest.duckdb"), read_only=True) as con:
        outcomes = dict(con.execute("select outcome, count(*) from raw.calls group by outcome").fetchall())
        contacts = con.execute("select count(distinct call_id) from raw.calls").fetchall()
    assert (result.delivered, result.inserted, result.rejected) == (33_344, 33_344, 0)
    assert outcomes == {"answered": 27_162, "abandoned": 5_904, "phantom": 278}
    assert contacts == [(33_344,)]
