"""The access file says who sees what; its mistakes are named with their lines, and others stay outside."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from app.access import Access, AccessError, access_of, read_access
from app.door import EVERYTHING, Limits
from app.settings import Login
from app.visitor import ANYBODY, Refusal, Visitor, admit

FILE = """
session_hours: 8
grants:
  - role: analyst
    emails: [Wang@Example.com]
  - role: executive
    claim: groups
    values: [board, owners]
  - role: site_manager
    emails: [li@example.com]
    sites: [s2]
  - role: site_manager
    claim: groups
    values: [south]
    sites: [s3, s1]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "access.yml"
    path.write_text(FILE, encoding="utf-8")
    return path


def verified(email: str, **claims: object) -> dict[str, object]:
    return {"email": email, "email_verified": True} | claims


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        (verified("wang@example.com"), Access("analyst", EVERYTHING)),
        (verified(" WANG@example.COM "), Access("analyst", EVERYTHING)),
        (verified("x@example.com", groups=["owners"]), Access("executive", Limits(None, sees_people=False))),
        (verified("x@example.com", groups="board"), Access("executive", Limits(None, sees_people=False))),
        (verified("li@example.com"), Access("site_manager", Limits(("s2",)))),
        # Sites of one person's grants add up; of two roles the one that sees more counts.
        (verified("li@example.com", groups=["south"]), Access("site_manager", Limits(("s1", "s2", "s3")))),
        (verified("li@example.com", groups=["board"]), Access("executive", Limits(None, sees_people=False))),
        (verified("wang@example.com", groups=["south", "board"]), Access("analyst", EVERYTHING)),
        (verified("stranger@example.com"), None),
        (verified("stranger@example.com", groups=["Board", "sou", "south "]), None),
        # An address that the provider does not vouch for is none; "true" is not true.
        ({"email": "wang@example.com"}, None),
        ({"email": "wang@example.com", "email_verified": "true"}, None),
        ({"email": "wang@example.com", "email_verified": False}, None),
        ({"email": ["wang@example.com"], "email_verified": True}, None),
        ({"email": "", "email_verified": True}, None),
        ({"groups": {"board": True}}, None),
        ({}, None),
    ],
)
def test_claims_are_granted_a_role(claims: dict[str, object], expected: Access | None, file: Path) -> None:
    assert access_of(claims, read_access(file)) == expected


def test_unverified_addresses_count_where_the_file_says_so(file: Path) -> None:
    file.write_text(f"accepts_unverified_email: true\n{FILE}", encoding="utf-8")
    assert access_of({"email": "wang@example.com"}, read_access(file)) == Access("analyst", EVERYTHING)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "the file"),
        ("grants: []", 1, "at least one grant"),
        ("grants:\n  - role: boss\n    emails: [a@b.c]", 2, "'analyst', 'executive' or 'site_manager'"),
        ("grants:\n  - role: analyst\n    email: [a@b.c]", 3, "grants[0].email: extra inputs are not permitted"),
        ("grants:\n  - role: analyst", 2, "either emails, or claim and values"),
        ("grants:\n  - role: analyst\n    emails: [a@b.c]\n    claim: g\n    values: [x]", 2, "either emails"),
        ("grants:\n  - role: analyst\n    claim: groups", 2, "claim and values need each other"),
        ("grants:\n  - role: site_manager\n    emails: [a@b.c]", 2, "needs sites"),
        ("grants:\n  - role: analyst\n    emails: [a@b.c]\n    sites: [s1]", 4, "sees the whole company"),
        # The code of the company's own rows would let a site manager see all of it.
        ("grants:\n  - role: site_manager\n    emails: [a@b.c]\n    sites:\n    - all", 4, "'all' is no site"),
        ("grants:\n  - role: site_manager\n    emails: [a@b.c]\n    sites:\n    - s1\n    - 7", 6, "valid string"),
        ("grants:\n  - role: analyst\n    emails:\n    - a@b.c\n    - A@B.C", 5, "has a grant already"),
        ("grants:\n  - role: analyst\n    emails: [somebody]", 3, "no e-mail address"),
        ("grants:\n  - role: analyst\n    role: executive\n    emails: [a@b.c]", 3, "second time"),
        ("session_hours: 0\ngrants:\n  - role: analyst\n    emails: [a@b.c]", 1, "session_hours"),
        ("grants:\n  - role: [", 2, "expected the node content"),
        ("grants: !!python/object/apply:os.system ['true']", 1, "grants"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, line: int, said: str, file: Path) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(AccessError) as error:
        read_access(file)
    assert any(found.startswith(f"access.yml:{line}: ") and said in found for found in str(error.value).splitlines()), (
        error.value
    )


def test_all_mistakes_are_named_at_once(file: Path) -> None:
    file.write_text("grants:\n  - role: site_manager\n    emails: [nobody]\n  - role: analyst\n", encoding="utf-8")
    with pytest.raises(AccessError) as error:
        read_access(file)
    assert [line.split(":")[1] for line in str(error.value).splitlines()] == ["2", "3", "4"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(AccessError, match=r"cannot be read: No such file.*AFTERSALES_ACCESS"):
        read_access(tmp_path / "none.yml")


def login(file: Path) -> Login:
    return Login("http://127.0.0.1:1", "http://127.0.0.1:2", "report", "-", "-", file)


def logged_in(**claims: object) -> dict[str, object]:
    return verified("li@example.com", is_logged_in=True, iat=time.time()) | claims


def test_without_login_anybody_is_let_in() -> None:
    assert admit(None, {}) == ANYBODY


def test_a_manager_is_let_in(file: Path) -> None:
    assert admit(login(file), logged_in()) == Visitor("li@example.com", "site_manager", Limits(("s2",)))


@pytest.mark.parametrize(
    ("claims", "refusal"),
    [
        ({}, Refusal.SIGNED_OUT),
        (logged_in(is_logged_in=False), Refusal.SIGNED_OUT),
        (logged_in(is_logged_in="yes"), Refusal.SIGNED_OUT),
        (logged_in(email="stranger@example.com"), Refusal.UNKNOWN),
        (logged_in(iat=time.time() - 8 * 3600 - 1), Refusal.EXPIRED),
        (logged_in(iat=time.time() + 3600), Refusal.EXPIRED),
        (logged_in(iat=None), Refusal.EXPIRED),
        (logged_in(iat="now"), Refusal.EXPIRED),
    ],
)
def test_others_stay_outside(claims: dict[str, object], refusal: Refusal, file: Path) -> None:
    assert admit(login(file), claims) is refusal


def test_a_mistake_made_while_the_report_runs_closes_it(file: Path) -> None:
    assert isinstance(admit(login(file), logged_in()), Visitor)
    file.write_text("grants: oops", encoding="utf-8")
    assert admit(login(file), logged_in()) is Refusal.MISCONFIGURED


def test_a_change_of_the_file_counts_at_once(file: Path) -> None:
    file.write_text(FILE.replace("li@example.com", "zhao@example.com"), encoding="utf-8")
    assert admit(login(file), logged_in()) is Refusal.UNKNOWN
