"""Configurations are kept while a gate looks, follow their fields, and are as before afterwards."""

from __future__ import annotations

from great_expectations.expectations import ExpectColumnValuesToBeBetween
from great_expectations.expectations.expectation import Expectation

from expectations.configurations import configurations_kept


def test_a_configuration_is_made_once_and_says_what_it_says_otherwise() -> None:
    expectation = ExpectColumnValuesToBeBetween(column="price", min_value=0)
    other = ExpectColumnValuesToBeBetween(column="price", min_value=1)
    plain = expectation.configuration
    with configurations_kept():
        kept = expectation.configuration
        assert kept is expectation.configuration
        assert kept == plain
        assert other.configuration != kept
    assert expectation.configuration is not expectation.configuration


def test_a_configuration_follows_the_fields() -> None:
    expectation = ExpectColumnValuesToBeBetween(column="price", min_value=0)
    with configurations_kept():
        before = expectation.configuration
        expectation.min_value = 5
        assert expectation.configuration.kwargs["min_value"] == 5
        assert before.kwargs["min_value"] == 0


def test_what_was_changed_is_given_back_after_an_error() -> None:
    made = vars(Expectation)["configuration"]
    try:
        with configurations_kept():
            raise RuntimeError
    except RuntimeError:
        pass
    assert vars(Expectation)["configuration"] is made
