"""What is planted in the sample company, and can be left out: where nothing is to be found, nothing should be."""

from __future__ import annotations

from enum import StrEnum


class Plant(StrEnum):
    """One kind of planted fact or effect."""

    UNDERSTAFFED_MONTH = "understaffed_month"
    """A month in which the hotline has too few people and answers late."""
    PARTS_SHORTAGE = "parts_shortage"
    """Weeks in which one site lacks the parts of one supplier."""
    SLOW_SITES = "slow_sites"
    """Two sites that answer, visit and get parts later than the others."""
    BAD_BATCH = "bad_batch"
    """A production batch that leaks."""
    FELT_SERVICE = "felt_service"
    """What was done decides what customers feel and write; without it they answer and complain whatever was done."""
    DRIVEN_AWAY = "driven_away"
    """Slow resolutions drive customers away; without it as many leave, at any time."""
    COACHED_SITE = "coached_site"
    """A site whose counter is coached, and does better with mystery shoppers from then on."""
    SILENT_NOTICES = "silent_notices"
    """A last month in which no customer is told how far the work is; the unhappy write so."""
    SEASONS = "seasons"
    """Growth and seasons of demand, of which delays are a part; weekdays and holidays stay."""


NOTHING: frozenset[Plant] = frozenset()
EVERYTHING = frozenset(Plant)
