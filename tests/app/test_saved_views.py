"""Saved views: a named link of one's own, kept by whoever serves the report, and never more than a link."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from app import saved_views
from app.saved_views import EVERYBODY, LONGEST_NAME, MOST_VIEWS, SavedViewsError, file_of, owner_of
from app.words import WORDS
from tests.app.conftest import OpenView
from tests.app.test_views import texts
from tests.company import ROOT

SECRET = "x" * 40


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "report" / "saved_views.sqlite"


def names(file: Path, owner: str = EVERYBODY) -> list[str]:
    return [view.name for view in saved_views.read(file, owner)]


def test_a_view_is_kept_replaced_renamed_and_removed(file: Path) -> None:
    assert saved_views.read(file, EVERYBODY) == []
    assert not file.parent.exists()  # looking makes nothing
    saved_views.keep(
        file, EVERYBODY, "  Pudong,\n each morning ", "response", {"site": "上海 & Co", "period": "2026-05"}
    )
    (view,) = saved_views.read(file, EVERYBODY)
    assert (view.name, view.page) == ("Pudong, each morning", "response")
    assert view.choices == {"site": "上海 & Co", "period": "2026-05"}
    saved_views.keep(file, EVERYBODY, "Pudong, each morning", "cost", {})
    (replaced,) = saved_views.read(file, EVERYBODY)
    assert (replaced.view_id, replaced.page, replaced.choices) == (view.view_id, "cost", {})
    saved_views.keep(file, EVERYBODY, "another", "calls", {})
    with pytest.raises(SavedViewsError, match="taken"):
        saved_views.rename(file, EVERYBODY, view.view_id, "another")
    saved_views.rename(file, EVERYBODY, view.view_id, "Zhabei")
    assert names(file) == ["another", "Zhabei"]
    saved_views.remove(file, EVERYBODY, view.view_id)
    assert names(file) == ["another"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_nobody_reaches_the_views_of_another(file: Path) -> None:
    saved_views.keep(file, "a", "mine", "cost", {})
    (mine,) = saved_views.read(file, "a")
    saved_views.rename(file, "b", mine.view_id, "yours")
    saved_views.remove(file, "b", mine.view_id)
    assert (names(file, "a"), names(file, "b"), names(file)) == (["mine"], [], [])
    saved_views.keep(file, "b", "mine", "calls", {})
    assert [view.page for view in saved_views.read(file, "a")] == ["cost"]


def test_what_is_too_much_is_refused(file: Path) -> None:
    for text, why in (("", "no_name"), (" \n\x00", "no_name"), ("n" * (LONGEST_NAME + 1), "long_name")):
        with pytest.raises(SavedViewsError, match=why):
            saved_views.keep(file, EVERYBODY, text, "cost", {})
    for choices in ({"sql": "select 1 " * 300}, {"Sneaky=": "x"}):
        with pytest.raises(SavedViewsError, match="too_long"):
            saved_views.keep(file, EVERYBODY, "name", "desk", choices)
    for number in range(MOST_VIEWS):
        saved_views.keep(file, EVERYBODY, f"view {number}", "cost", {})
    with pytest.raises(SavedViewsError, match="too_many"):
        saved_views.keep(file, EVERYBODY, "one more", "cost", {})
    saved_views.keep(file, EVERYBODY, "view 7", "calls", {})  # one that is there may change
    saved_views.keep(file, "another", "one more", "cost", {})
    assert len(names(file)) == MOST_VIEWS


KEEP_SOME = """
import sys
from pathlib import Path
from app import saved_views
for number in range(int(sys.argv[2]), int(sys.argv[2]) + 8):
    saved_views.keep(Path(sys.argv[1]), saved_views.EVERYBODY, f"view {number:02}", "cost", {"site": "s1"})
"""


def test_processes_do_not_lose_each_others(file: Path) -> None:
    command = [sys.executable, "-c", KEEP_SOME, str(file)]
    keepers = [subprocess.Popen([*command, first], cwd=ROOT) for first in ("0", "8", "16")]
    assert [keeper.wait(60) for keeper in keepers] == [0, 0, 0]
    assert names(file) == [f"view {number:02}" for number in range(24)]


def test_a_failed_change_leaves_nothing_half(file: Path) -> None:
    saved_views.keep(file, EVERYBODY, "kept", "cost", {})
    with sqlite3.connect(file) as con:
        con.execute("create trigger no_more before insert on saved_views begin select raise(abort, 'full'); end")
    with pytest.raises(SavedViewsError, match="not_readable"):
        saved_views.keep(file, EVERYBODY, "lost", "cost", {})
    assert names(file) == ["kept"]


def test_a_damaged_file_is_said(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"no database" * 100)
    with pytest.raises(SavedViewsError, match="not_readable"):
        saved_views.read(file, EVERYBODY)
    file.unlink()
    file.parent.rmdir()
    file.parent.write_text("a file where the folder should be")
    with pytest.raises(SavedViewsError, match="not_writable"):
        saved_views.keep(file, EVERYBODY, "name", "cost", {})


@given(
    st.text(max_size=100),
    st.dictionaries(st.from_regex(r"[a-z_]{1,9}", fullmatch=True), st.text(min_size=1, max_size=9), max_size=4),
)
def test_law_what_is_kept_comes_back(name: str, choices: dict[str, str]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "saved_views.sqlite"
        try:
            saved_views.keep(path, EVERYBODY, name, "cost", choices)
        except (SavedViewsError, UnicodeEncodeError):
            return
        (view,) = saved_views.read(path, EVERYBODY)
        assert view.choices == choices
        assert "\n" not in view.name


def test_the_owner_is_the_providers_number_of_a_person_and_cannot_be_read_back() -> None:
    claims = {"iss": "https://login.example.com", "sub": "42", "email": "li@example.com", "name": "Li"}
    owner = owner_of(claims, SECRET)
    assert owner == owner_of({"iss": "https://login.example.com", "sub": "42", "email": "wei@example.com"}, SECRET)
    assert owner is not None
    assert len(owner) == 64
    others = [owner_of(claims | {"sub": "43"}, SECRET), owner_of(claims | {"iss": "https://b.example"}, SECRET)]
    others.append(owner_of(claims, "y" * 40))
    assert len({owner, *others}) == 4
    assert owner_of({"email": "li@example.com", "name": "Li"}, SECRET) is None


# The page


@pytest.fixture
def link(full_file: Path, tmp_path: Path) -> Path:
    """A published link in a company's folder of its own."""
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "current.duckdb").symlink_to(full_file)
    return tmp_path / "published" / "current.duckdb"


def save(test: AppTest, name: str) -> None:
    test.text_input(key="saved_name").set_value(name)
    test.button(key="saved_keep").click().run()
    assert not test.exception


def test_a_visitor_saves_a_view_and_opens_it_from_another_page(link: Path, open_view: OpenView) -> None:
    test = open_view("response", link, site="s2", period="2026-03", curve="first_response")
    assert WORDS["saved.none"][0] in texts(test)
    save(test, "Haidian *March*")
    assert test.text_input(key="saved_name").value == ""
    other = open_view("cost", link, "zh", site="s4")
    assert "视图" in texts(other)
    (button,) = [each for each in other.button if str(each.key).removeprefix("saved_").isdigit()]
    assert button.label == "Haidian \\*March\\*"
    button.click().run()
    assert not other.exception
    assert other.title[0].value == WORDS["page.response"][1]  # in the language of who looks
    assert dict(other.query_params) == {"site": "s2", "period": "2026-03", "curve": "first_response"}
    assert other.selectbox(key="pick_site_zh").value == "s2"
    assert other.selectbox(key="pick_period_month_zh").value == "2026-03"


def test_a_view_is_renamed_and_removed(link: Path, open_view: OpenView) -> None:
    test = open_view("cost", link)
    save(test, "")
    assert [error.value for error in test.error] == [WORDS["saved.no_name"][0]]
    save(test, "Cost")
    assert not test.error
    test.text_input(key="saved_new_name").set_value("Cost of all")
    test.button(key="saved_rename").click().run()
    assert names(file_of(link)) == ["Cost of all"]
    test.button(key="saved_remove").click().run()
    assert not test.exception
    assert names(file_of(link)) == []
    assert WORDS["saved.none"][0] in texts(test)


MANAGER = """
grants:
  - role: site_manager
    emails: [li@example.com]
    sites: [s2]
"""


def test_with_a_login_views_are_ones_own_and_open_no_door(link: Path, tmp_path: Path, open_view: OpenView) -> None:
    access = tmp_path / "access.yml"
    access.write_text(MANAGER)
    li = {"is_logged_in": True, "email": "li@example.com", "email_verified": True, "iat": time.time(), "iss": "i"}
    mine = owner_of(li | {"sub": "1"}, "-")
    assert mine is not None
    saved_views.keep(file_of(link), "somebody else", "Secret", "cost", {})
    # However it came there: another site, a page that is none.
    saved_views.keep(file_of(link), mine, "Far", "response", {"site": "s3", "nonsense": "x"})
    test = open_view("cost", link, access=access, user=li | {"sub": "1"})
    assert [each.label for each in test.button if str(each.key).removeprefix("saved_").isdigit()] == ["Far"]
    next(each for each in test.button if each.label == "Far").click().run()
    assert not test.exception
    assert test.selectbox(key="pick_site_en").value == "s2"
    assert dict(test.query_params) == {}
    saved_views.keep(file_of(link), mine, "Far", "no_such_page", {})
    test = open_view("cost", link, access=access, user=li | {"sub": "1"})
    next(each for each in test.button if each.label == "Far").click().run()
    assert test.title[0].value == WORDS["page.cost"][0]
    # Nobody whom the login cannot tell from others.
    assert WORDS["saved.title"][0] not in texts(open_view("cost", link, access=access, user=li))
