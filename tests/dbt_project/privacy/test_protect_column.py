"""What the macro protect_column lets through of a column, on the engine."""

from __future__ import annotations

import hmac
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment

from orchestration.extract.privacy import Privacy
from orchestration.extract.pseudonyms import key_halves

MACROS = Path(__file__).parents[3] / "dbt_project" / "macros"
SALT = b"a salt of the tests, longer than the block of the hash, which is 64 bytes long"


def protected(value: object, type_: str, personal_class: str, treatment: str, salt: bytes | None = SALT) -> Any:
    """The value that staging passes on of `value`."""
    environment = Environment(autoescape=False)  # noqa: S701 - SQL, no HTML
    adapter = SimpleNamespace()
    environment.globals.update(
        env_var=lambda _name, _default: f"other=clear {personal_class}={treatment} another=clear",
        execute=True,
        adapter=adapter,
        **{"return": lambda found: found},
    )
    files = (MACROS / "settings.sql", MACROS / "privacy" / "protect_column.sql")
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    module = environment.from_string(text).module
    adapter.dispatch = lambda name: getattr(module, f"default__{name}")
    sql = environment.from_string(f"{text}{{{{ protect_column('x', '{type_}', '{personal_class}') }}}}").render()
    with duckdb.connect() as con:
        for name, half in key_halves(salt).items() if salt else ():
            con.execute(f"set variable {name} = ?", [half])
        ((found, kind),) = con.execute(
            f"select {sql} as y, typeof(y) from (select cast(? as {type_}) as x)", [value]
        ).fetchall()
    assert kind.lower() == type_
    return found


@pytest.mark.parametrize("personal_class", Privacy.model_fields)
def test_clear_is_the_value_and_dropped_is_nothing(personal_class: str) -> None:
    assert protected("Anna Berg", "varchar", personal_class, "clear") == "Anna Berg"
    assert protected("Anna Berg", "varchar", personal_class, "dropped") is None
    assert protected(48.13743, "double", personal_class, "clear") == 48.13743
    assert protected(48.13743, "double", personal_class, "dropped") is None


def test_a_treatment_that_nobody_knows_drops() -> None:
    assert protected("Anna Berg", "varchar", "direct", "shown") is None


def test_masked_keeps_the_first_character_or_two_decimals() -> None:
    assert protected("丁勇", "varchar", "staff", "masked") == "丁***"
    assert protected("Anna Berg", "varchar", "direct", "masked") == "A***"
    assert protected(None, "varchar", "direct", "masked") is None
    assert protected(48.13743, "double", "indirect", "masked") == 48.14


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("call me at +49 171 555-0199 or a.berg@example.com!", "call me at *** or ***"),
        ("电话13912345678，邮箱zhang@例子.cn。谢谢", "电话***，***。谢谢"),
        ("ID 11010519491231002X, office (0171) 5550188", "ID ***, office ***"),
        ("came 3 times, 120 EUR, error E-204", "came 3 times, 120 EUR, error E-204"),
        ("Frau Berg war unzufrieden", "Frau Berg war unzufrieden"),
    ],
)
def test_masked_free_text_loses_addresses_and_long_numbers(text: str, masked: str) -> None:
    assert protected(text, "varchar", "free_text", "masked") == masked


@settings(deadline=None, max_examples=40)
@given(text=st.text(min_size=1), salt=st.binary(min_size=16, max_size=100))
def test_hashed_is_the_standards_keyed_hash(text: str, salt: bytes) -> None:
    text = text.replace("\0", "0").encode("utf-8", "ignore").decode()
    expected = hmac.new(salt, text.encode(), "sha256").hexdigest()[:32]
    assert protected(text, "varchar", "customer_key", "hashed", salt) == expected


def test_hashed_is_nothing_for_nothing_for_numbers_and_without_a_salt() -> None:
    assert protected(None, "varchar", "customer_key", "hashed") is None
    assert protected(48.1, "double", "indirect", "hashed") is None
    assert protected("C100001", "varchar", "customer_key", "hashed", salt=None) is None
