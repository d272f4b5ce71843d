"""A profile decides what is published of people; what would protect nobody is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.extract.errors import ProfileError
from orchestration.extract.privacy import Privacy
from orchestration.extract.profile import Profile, load_profile

PROFILE = """
name: acme
title: {en: Acme, zh: 安可}
time_zone: UTC
currency: EUR
"""
GOOD_SALT = {"AFTERSALES_PII_SALT": "0123456789abcdef"}


def load(tmp_path: Path, privacy: str, environment: dict[str, str]) -> Profile:
    (tmp_path / "acme.yml").write_text(PROFILE + privacy, encoding="utf-8")
    return load_profile(tmp_path / "acme.yml", environment, profile_data=tmp_path)


def test_a_profile_that_says_nothing_publishes_no_name_and_no_text(tmp_path: Path) -> None:
    privacy = load(tmp_path, "", {}).privacy
    assert privacy.as_setting() == (
        "direct=dropped indirect=masked free_text=dropped staff=dropped customer_key=clear staff_key=clear"
    )
    assert privacy.hashed_classes == ()


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({}, "is not set"),
        ({"AFTERSALES_PII_SALT": ""}, "is not set"),
        ({"AFTERSALES_PII_SALT": "short"}, "5 characters"),
    ],
)
def test_hashing_without_a_salt_is_refused(tmp_path: Path, environment: dict[str, str], found: str) -> None:
    with pytest.raises(ProfileError) as caught:
        load(tmp_path, "privacy:\n  staff: masked\n  direct: hashed\n", environment)
    assert "acme.yml:8: privacy.direct: hashed needs a secret salt, and AFTERSALES_PII_SALT" in str(caught.value)
    assert found in str(caught.value)
    assert "short" not in str(caught.value)


def test_hashing_with_a_salt_is_accepted(tmp_path: Path) -> None:
    assert load(tmp_path, "privacy: {customer_key: hashed}\n", GOOD_SALT).privacy.hashed_classes == ("customer_key",)


@pytest.mark.parametrize(
    ("privacy", "mistake"),
    [
        ("privacy: {stuff: clear}", "acme.yml:6: privacy.stuff: unknown key; did you mean staff?"),
        ("privacy: {staff: hidden}", "acme.yml:6: privacy.staff: found 'hidden': Input should be 'clear', 'masked'"),
        ("privacy: {customer_key: dropped}", "acme.yml:6: privacy.customer_key: found 'dropped': Input should be"),
        ("privacy: {staff: clear, staff_key: hashed}", "staff_key: hashed hides nothing while staff is clear"),
        ("privacy: {direct: clear, customer_key: hashed}", "customer_key: hashed hides nothing while direct is clear"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, privacy: str, mistake: str) -> None:
    with pytest.raises(ProfileError) as caught:
        load(tmp_path, privacy + "\n", GOOD_SALT)
    assert mistake in str(caught.value)


def test_treatments_are_asked_for_by_class() -> None:
    assert Privacy(staff="masked").treatment("staff") == "masked"
    with pytest.raises(KeyError):
        Privacy().treatment("stuff")
