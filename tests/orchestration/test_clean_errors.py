"""Errors reach Dagster without secrets and without values of rows, of the kind and from the place that they had."""

from __future__ import annotations

import logging
import traceback

import duckdb
import pytest
from pydantic import BaseModel, SecretStr

from orchestration.clean_errors import clean_errors
from orchestration.extract.errors import SourceError
from orchestration.extract.secret_texts import SecretTexts, secrets_of

SECRET = "correct horse & battery"  # noqa: S105


class Login(BaseModel):
    """A part of a profile."""

    url: SecretStr
    headers: dict[str, SecretStr] = {}
    more: tuple[SecretStr, ...] = ()


def texts() -> SecretTexts:
    return secrets_of(Login(url=SecretStr(SECRET)), {})


def told(error: BaseException) -> str:
    """Everything that is stored of an error: its causes too."""
    return "".join(traceback.format_exception(error))


def refuse() -> None:
    raise SourceError(f"the service says: {SECRET} is wrong")


def test_an_error_without_a_secret_passes_as_it_is() -> None:
    error = SourceError("cannot read")
    with pytest.raises(SourceError) as caught, clean_errors(texts()):
        raise error
    assert caught.value is error


def test_an_error_keeps_its_kind_and_its_place_and_loses_the_secret() -> None:
    with pytest.raises(SourceError, match=r"the service says: \*\*\* is wrong") as caught, clean_errors(texts()):
        refuse()
    assert SECRET not in told(caught.value)
    assert "in refuse" in told(caught.value)


def choke(explicit: bool) -> None:
    try:
        duckdb.execute("select cast(name as integer) from (values ('Anna Berg')) as people (name)").fetchall()
    except duckdb.Error as error:
        if explicit:
            raise SourceError("cannot map") from error
        raise SourceError("cannot map")  # noqa: B904 - the implicit context is the case


@pytest.mark.parametrize("explicit", [True, False])
def test_causes_that_show_something_are_not_handed_on(explicit: bool) -> None:
    with pytest.raises(SourceError, match=r"^cannot map$") as caught, clean_errors(texts()):
        choke(explicit)
    assert "Anna" not in told(caught.value)


def test_kinds_that_do_not_tell_their_arguments_are_named() -> None:
    class MuteError(Exception):
        def __str__(self) -> str:
            return f"mute {SECRET}"

    with pytest.raises(RuntimeError, match=r"MuteError: mute \*\*\*") as caught, clean_errors(texts()):
        raise MuteError
    assert SECRET not in told(caught.value)


@pytest.mark.parametrize("written", [SECRET, "correct%20horse%20%26%20battery", "correct+horse+%26+battery"])
def test_a_secret_is_hidden_however_it_is_written(written: str) -> None:
    assert texts().hide(f"GET /?key={written}&page=1") == "GET /?key=***&page=1"


def test_secrets_come_from_the_profile_its_urls_and_telling_variables() -> None:
    login = Login(
        url=SecretStr("postgresql://reader:p%40ssword1@host/db"),
        headers={"X-Key": SecretStr("header-value")},
        more=(SecretStr("listed-value"), SecretStr("tiny")),
    )
    environment = {"CRM_PASSWORD": "by-its-name", "AFTERSALES_PII_SALT": "salt-value", "HOME": "/home/anna"}
    hidden = secrets_of(login, environment)
    shown = "p%40ssword1 p@ssword1 header-value listed-value by-its-name salt-value"
    assert hidden.hide(shown) == " ".join(["***"] * 6)
    assert hidden.hide("tiny /home/anna") == "tiny /home/anna"


def test_records_of_a_logger_are_hidden_whoever_handles_them(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("tests.secrets")
    with caplog.at_level(logging.INFO, logger.name), texts().kept_out_of(logger):
        logger.info("told %s by %s", SECRET, "service")
    assert caplog.messages == ["told *** by service"]
    assert logger.filters == []
