"""Great Expectations' configurations of expectations, made once each instead of some fifty times.

An expectation says what it expects by a configuration that it makes anew from all its fields each time it is asked; a
validation asks for one of them for each of its names, which takes longer than the database does. While a gate looks at
data nobody changes an expectation, so it can keep the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration


@contextmanager
def configurations_kept() -> Iterator[None]:
    """Within, every expectation makes its configuration once, and again after one of its fields was set."""
    made: property = vars(Expectation)["configuration"]
    # By address, with the expectation, so that no other gets the address; and with what its fields were.
    kept: dict[int, tuple[Expectation, tuple[int, ...], ExpectationConfiguration]] = {}

    def configuration(self: Expectation) -> ExpectationConfiguration:
        fields = tuple(map(id, self.__dict__.values()))
        found = kept.get(id(self))
        if found is None or found[1] != fields:
            found = kept[id(self)] = (self, fields, made.__get__(self))
        return found[2]

    Expectation.configuration = property(configuration)  # type: ignore[assignment,method-assign]
    try:
        yield
    finally:
        Expectation.configuration = made  # type: ignore[assignment,method-assign]
