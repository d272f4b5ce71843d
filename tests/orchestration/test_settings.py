"""Settings are read in one place, and what is not understood is an error, not a default."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from orchestration.settings import SettingsError, read_settings


def test_defaults_select_the_sample_company() -> None:
    settings = read_settings({})
    assert settings.profile == "sample"
    assert settings.as_of is None
    assert settings.keep_versions == 10


def test_values_are_read() -> None:
    settings = read_settings(
        {
            "AFTERSALES_PROFILE": "public",
            "AFTERSALES_AS_OF": "2026-07-01T00:00:00+08:00",
            "AFTERSALES_KEEP_VERSIONS": "3",
            "AFTERSALES_THREADS": "1",
            "AFTERSALES_MEMORY": "1.5 GB",
        }
    )
    assert settings.profile == "public"
    assert settings.as_of == datetime(2026, 6, 30, 16, tzinfo=UTC)
    assert (settings.keep_versions, settings.engine.threads) == (3, 1)
    assert settings.engine.memory == "1.5 GB"


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"AFTERSALES_PROFIEL": "x"}, "AFTERSALES_PROFIEL is not known. Did you mean AFTERSALES_PROFILE"),
        ({"AFTERSALES_AS_OF": "2026-07-01T00:00:00"}, "expected an ISO instant with its offset"),
        ({"AFTERSALES_AS_OF": "yesterday"}, "AFTERSALES_AS_OF is 'yesterday'"),
        ({"AFTERSALES_KEEP_VERSIONS": "0"}, "expected a whole number from 1"),
        ({"AFTERSALES_THREADS": "many"}, "AFTERSALES_THREADS is 'many'"),
        ({"AFTERSALES_MEMORY": "80%"}, "AFTERSALES_MEMORY is '80%'; expected an amount with its unit, such as 6GB"),
    ],
)
def test_a_mistake_is_named(environment: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError, match=words.replace("?", r"\?")):
        read_settings(environment)


def test_a_folder_that_the_engine_would_misread_is_refused() -> None:
    with pytest.raises(SettingsError, match="question mark"):
        read_settings({"AFTERSALES_DATA_DIR": "what?"})
