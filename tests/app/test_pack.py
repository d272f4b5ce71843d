"""The board pack says what the published version says, in both languages, and nothing that it may not."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path

import duckdb
import pypdf
import pytest

from app import formats
from app.door import STATEMENTS
from app.kpis import CLASSES
from app.pack.content import read_content
from app.pack.make import Pack, make_pack, write_pack
from app.pack.parts import Content
from app.pack.version import TABLES, UnknownPeriodError, open_version, scope_of
from app.warehouse import WarehouseError
from app.words import WORDS, speaking
from tests.app.published import COMMENTS, SITES

LANGUAGES = {"en": 0, "zh": 1}
WITHHELD = "csat_top_box_share"


@pytest.fixture(scope="module")
def file(full_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The full company, one of whose KPIs a check has withheld: its rows have lost their numbers."""
    path = tmp_path_factory.mktemp("pack") / "warehouse_pack.duckdb"
    shutil.copy(full_file, path)
    with duckdb.connect(str(path)) as con:
        con.execute(
            "update marts.kpi_values set trust = 'withheld', value = null, numerator = null, denominator = null, "
            "interval_low = null, interval_high = null where kpi_id = ?",
            [WITHHELD],
        )
        con.execute(
            "insert into meta.kpi_trust values "
            "('b', ?, [], 'withheld', 'gate_1', 'raw', 'survey_answers', null, 'plausible', 'why')",
            [WITHHELD],
        )
        con.execute(
            "insert into marts.agg_findings by name select 'month' as period_grain, date '2026-05-01' as "
            "period_start_date, 1 as finding_rank, 'first_response_sla_attainment' as kpi_id, 'worse' as finding_kind, "
            "'share' as unit, 'real' as verdict, 0.8 as value, 0.9 as previous_value, -0.1 as change, "
            "-0.15 as change_low, -0.05 as change_high, 1 as off_target_count, 12 as judged_count, false as is_split"
        )
    return path


@pytest.fixture(scope="module", params=list(LANGUAGES))
def made(request: pytest.FixtureRequest, file: Path) -> tuple[str, Pack]:
    """The language and the pack of a company with data."""
    return request.param, make_pack(str(file), "2026-05", request.param)


def words_of(pdf: bytes) -> list[str]:
    """The words of each page, without the spaces that lines and columns make."""
    return [squeezed(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def word(key: str, language: str) -> str:
    return WORDS[key][LANGUAGES[language]]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_a_finding_opens_the_summary_and_its_query_closes_the_pack(made: tuple[str, Pack]) -> None:
    language, pack = made
    pages = words_of(pack.pdf)
    assert squeezed(word("pack.findings", language)) in pages[0]
    for number in ("90.0 % → 80.0 %", "-15.0"):
        assert squeezed(number) in pages[0]
    assert "marts.agg_kpi_change_split" in pages[-1]
    assert "'first_response_sla_attainment'" in pages[-1]


def test_the_summary_has_the_numbers_of_kpi_values(made: tuple[str, Pack], file: Path) -> None:
    language, pack = made
    summary = words_of(pack.pdf)[0]
    with duckdb.connect(str(file), read_only=True) as con:
        rows = con.execute(
            f"select dim_kpis.name_{language}, kpi_values.value, kpi_values.unit, kpi_values.target, "
            "kpi_values.status, kpi_values.eligible_count "
            "from marts.kpi_values inner join marts.dim_kpis using (kpi_id) "
            "where period_grain = 'month' and period_start_date = date '2026-05-01' and segment = 'all' "
            "and dim_kpis.audience = 'executive' and value is not null"
        ).fetchall()
    assert len(rows) > 30
    with speaking(language):
        for name, value, unit, target, status, count in rows:
            assert squeezed(name) in summary
            assert squeezed(formats.kpi(value, unit, "CNY")) in summary, name
            assert squeezed(formats.count(count)) in summary
            if target is not None:
                assert squeezed(formats.kpi(target, unit, "CNY")) in summary
                assert squeezed(word(f"status.{status}", language)) in summary
        for kpi_class in CLASSES:
            assert squeezed(word(f"class.{kpi_class}", language)) in summary


def test_a_change_is_called_real_or_noise_as_the_mart_says(made: tuple[str, Pack], file: Path) -> None:
    language, pack = made
    summary = words_of(pack.pdf)[0]
    with duckdb.connect(str(file), read_only=True) as con:
        rows = con.execute(
            "select verdict, count(*) from marts.agg_kpi_changes inner join marts.dim_kpis using (kpi_id) "
            "inner join marts.kpi_values using (kpi_id, period_grain, period_start_date, segment, site_id) "
            "where period_grain = 'month' and period_start_date = date '2026-05-01' and segment = 'all' "
            "and agg_kpi_changes.region = 'all' and dim_kpis.audience = 'executive' and kpi_values.value is not null "
            "and verdict <> 'unknown' group by verdict"
        ).fetchall()
    # Below the head of the column; what stands above it says the words too.
    table = summary.partition(squeezed(word("pack.verdict", language)))[2]
    assert {verdict for verdict, _ in rows} == {"real", "noise"}
    for verdict, count in rows:
        said = word(f"pack.{verdict}", language)
        assert table.count(said) == count


def test_the_summary_is_one_page_and_each_view_has_its_own(made: tuple[str, Pack]) -> None:
    language, pack = made
    pages = words_of(pack.pdf)
    assert len(pages) == pack.pages
    titles = ["page.response", "pack.resolution", "page.satisfaction", "page.retention", "page.cost", "pack.calls",
              "pack.network", "pack.team", "pack.sources", "pack.definitions"]  # fmt: skip
    starts = [
        next(i for i, page in enumerate(pages) if page.startswith(squeezed(word(title, language)))) for title in titles
    ]
    assert starts[0] == 1
    assert starts == sorted(set(starts))


def test_every_page_names_its_version(made: tuple[str, Pack]) -> None:
    _, pack = made
    for number, page in enumerate(words_of(pack.pdf), start=1):
        assert "20260620T160000Z_test" in page
        assert pack.contents in page
        assert "2026-06-2100:00" in page
        assert f"{number}/{pack.pages}" in page


def test_a_withheld_kpi_is_named_without_a_number(made: tuple[str, Pack], file: Path) -> None:
    language, pack = made
    with duckdb.connect(str(file), read_only=True) as con:
        found = con.execute(f"select name_{language} from marts.dim_kpis where kpi_id = ?", [WITHHELD]).fetchall()
    pages = words_of(pack.pdf)
    satisfaction = next(page for page in pages if page.startswith(squeezed(word("page.satisfaction", language))))
    for page in (pages[0], satisfaction):
        # Name and words stand side by side: there is no number between them.
        assert squeezed(found[0][0] + word("pack.withheld", language)) in page
    # Nor a chart: by month, and by site.
    assert satisfaction.count(squeezed(word("pack.withheld", language))) == 3


def test_no_person_no_ticket_and_no_comment_is_in_reach(made: tuple[str, Pack], file: Path) -> None:
    assert set(TABLES) < set(STATEMENTS)
    assert not [table for table in TABLES if "fct_" in table or "technician" in table]
    with open_version(str(file)) as version:
        assert version.connection is not None
        with pytest.raises(duckdb.CatalogException):
            version.connection.execute("select * from marts.fct_tickets")
    document = "".join(words_of(made[1].pdf))
    assert "师傅" not in document
    assert not [comment for comment in COMMENTS if squeezed(comment) in document]


def test_a_hostile_name_is_text(made: tuple[str, Pack]) -> None:
    """Names of the data pass through a language of markup and through SVG."""
    assert squeezed(SITES["s4"]) in "".join(words_of(made[1].pdf))


def test_fonts_are_inside(made: tuple[str, Pack]) -> None:
    found = set()
    for page in pypdf.PdfReader(io.BytesIO(made[1].pdf)).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            below = font.get_object()["/DescendantFonts"][0].get_object()
            assert "/FontFile3" in below["/FontDescriptor"].get_object()
            found.add(re.sub(r"^/[A-Z]{6}\+", "", below["/BaseFont"]))
    assert {name.split("-")[0] for name in found} == {"NotoSansSC"}


def test_the_same_version_makes_the_same_bytes(made: tuple[str, Pack], file: Path) -> None:
    language, pack = made
    if language == "zh":  # one is enough: drawing is dear
        assert make_pack(str(file), "2026-05", language) == pack


def content_of(path: Path, period: str | None = None) -> Content:
    with speaking("en"), open_version(str(path)) as version:
        return read_content(scope_of(version, period))


def test_an_empty_company_has_a_pack_that_says_so(empty_file: Path) -> None:
    pack = make_pack(str(empty_file), None, "en")
    pages = words_of(pack.pdf)
    assert len(pages) == 2
    assert squeezed(WORDS["pack.empty"][0]) in pages[0]
    content = content_of(empty_file)
    assert not content.groups
    assert not content.pages


def test_a_kpi_that_ended_long_ago_has_no_line_and_no_error(full_file: Path, tmp_path: Path) -> None:
    """Incident: a company whose calls are of 1999 had no pack of 2023."""
    ended = Path(shutil.copy(full_file, tmp_path / "warehouse_ended.duckdb"))
    with duckdb.connect(str(ended)) as con:
        con.execute(
            "update marts.kpi_values set period_start_date = cast(period_start_date - interval 20 year as date) "
            "where kpi_id in ('complaint_rate', 'calls_offered')"
        )
    figures = {figure.title: figure for page in content_of(ended).pages for figure in page.figures}
    assert figures[word("pack.complaint_rate", "en")].note == WORDS["nothing.title"][0]
    assert any(figure.svg for figure in figures.values())


def test_a_version_of_before_and_a_period_that_is_none(full_file: Path, tmp_path: Path) -> None:
    with open_version(str(full_file)) as version, speaking("en"), pytest.raises(UnknownPeriodError, match="2025-01 to"):
        scope_of(version, "1999-01")
    broken = tmp_path / "broken.duckdb"
    broken.write_bytes(b"no database" * 500)
    with pytest.raises(WarehouseError, match="publish again"), open_version(str(broken)):
        pass


def test_a_pack_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = Pack(b"pdf", 1, "2026-05", "b", "c")
    out = tmp_path / "packs" / "2026-05_en.pdf"
    write_pack(pack, out)
    assert out.read_bytes() == b"pdf"
    monkeypatch.setattr("os.fsync", _full_disk)
    with pytest.raises(OSError, match="full"):
        write_pack(Pack(b"other", 1, "2026-05", "b", "c"), out)
    assert out.read_bytes() == b"pdf"
    assert list(out.parent.iterdir()) == [out]


def _full_disk(_: int) -> None:
    raise OSError("full")
