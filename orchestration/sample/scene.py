"""What every delivering module looks up: the simulated company, the numbers of its service orders, and the dirt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample import vocabulary as words
from orchestration.sample.clock import MINUTE, NA, Ints, Objects, Window, day_of, text_of
from orchestration.sample.company import Company
from orchestration.sample.randoms import running_numbers, spread, stream
from orchestration.sample.rows import Dirt, some
from orchestration.sample.tickets import Service
from orchestration.sample.world import World

SITE_CODES: Objects = np.array([*(site.code for site in words.SITES), None], dtype=object)
"""Codes of the sites; index -1 reads as missing."""


@dataclass(frozen=True)
class Orders:
    """Numbers of the delivered service orders (ending with None), and which of them show a skewed clock."""

    number: Objects
    skewed: Ints
    skew: Ints


@dataclass(frozen=True)
class Scene:
    """What happened, and how it is delivered."""

    seed: int
    world: World
    service: Service
    orders: Orders
    dirt: Dirt

    @property
    def company(self) -> Company:
        """The company."""
        return self.world.company

    @property
    def window(self) -> Window:
        """The simulated time."""
        return self.world.window

    def stream(self, name: str) -> np.random.Generator:
        """A random stream of one delivering function."""
        return stream(self.seed, name)


def number_orders(seed: int, service: Service) -> Orders:
    """Number service orders by day, and choose those whose first reply was stamped by a clock that runs behind."""
    rng = stream(seed, "orders")
    count = service.delivered
    created = service.tickets.created[:count]
    day = [text[2:].replace("-", "") for text in text_of(created, "date").tolist()]
    serial = running_numbers(day_of(created)).tolist()
    number = np.array([*(f"GD{d}{n + 1:05d}" for d, n in zip(day, serial, strict=True)), None], dtype=object)
    # Only where the answer came within a minute: there the skew is sure to show.
    quick = service.tickets.is_immediate[:count] & (service.tickets.raised_at[:count] == NA)
    answered = np.flatnonzero(quick & (service.tickets.responded[:count] != NA))
    skewed = answered[some(rng, len(answered), 0.006, least=3)]
    return Orders(number, skewed, spread(rng, MINUTE, 7 * MINUTE, len(skewed)))
