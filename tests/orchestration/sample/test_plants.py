"""What is left out of the sample company shows nowhere: an effect is there in the default company, and gone without."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from orchestration.sample import vocabulary as words
from orchestration.sample.clock import DAY, NA, make_window
from orchestration.sample.comments import COMMUNICATION_BAD
from orchestration.sample.commerce import Loyalty, decide_loyalty
from orchestration.sample.company import found_company
from orchestration.sample.feelings import Feelings, choose_themes, feel
from orchestration.sample.generate import DEFAULT_AS_OF, generate
from orchestration.sample.plants import EVERYTHING, NOTHING, Plant
from orchestration.sample.randoms import stream
from orchestration.sample.service import serve
from orchestration.sample.tickets import Service, Tickets
from orchestration.sample.voices import audit
from orchestration.sample.world import SHORTAGE_MONTH, SILENT_MONTH, UNDERSTAFFED_MONTH, World, make_world

TICKETS = 6_000


@dataclass(frozen=True)
class Lived:
    """One company's two years."""

    world: World
    service: Service
    feelings: Feelings
    loyalty: Loyalty

    @property
    def tickets(self) -> Tickets:
        return self.service.tickets

    @property
    def response_hours(self):
        """Hours to the first response; nan where there is none."""
        answered = self.tickets.responded != NA
        return np.where(answered, self.tickets.responded - self.tickets.created, np.nan) / 3600

    @property
    def days(self):
        """Days to the resolution; nan where there is none."""
        done = self.tickets.resolved != NA
        return np.where(done, self.tickets.resolved - self.tickets.created, np.nan) / DAY


def live(without: frozenset[Plant]) -> Lived:
    window = make_window(DEFAULT_AS_OF)
    world = make_world(found_company(7, TICKETS, window, without), window, without)
    service = serve(7, world, TICKETS)
    return Lived(world, service, feel(7, world, service), decide_loyalty(7, world, service))


@pytest.fixture(scope="module")
def both() -> tuple[Lived, Lived]:
    return live(NOTHING), live(EVERYTHING)


def slower_month(lived: Lived) -> float:
    inside = lived.world.window.month_of(lived.tickets.created) == UNDERSTAFFED_MONTH
    return np.nanmedian(lived.response_hours[inside]) / np.nanmedian(lived.response_hours[~inside])


def slower_sites(lived: Lived) -> float:
    codes = np.array([site.code in words.SLOW_SITES for site in words.SITES])
    at = codes[lived.tickets.site]
    shops = lived.tickets.site != words.HOTLINE
    return np.nanmedian(lived.days[at]) / np.nanmedian(lived.days[shops & ~at])


def waited_for_parts(lived: Lived) -> float:
    return float(lived.tickets.is_short_of_parts.sum())


def leaks_of_the_batch(lived: Lived) -> float:
    """Requests per unit of the first units sold of the model, beside those of its other units."""
    assets = lived.world.company.assets
    batch = assets.batch == lived.world.company.bad_batch
    others = (assets.product == words.BAD_BATCH_MODEL) & ~batch
    per_unit = np.bincount(lived.tickets.asset, minlength=len(assets.batch) + 1)[:-1]
    return per_unit[batch].mean() / per_unit[others].mean()


def felt_of_days(lived: Lived) -> float:
    known = ~np.isnan(lived.days)
    return float(np.corrcoef(np.log1p(lived.days[known]), lived.feelings.latent[known])[0, 1])


def left_after_slow_work(lived: Lived) -> float:
    """Share of the customers who left, among those with a slow resolution beside those with quick ones only."""
    end, tickets = lived.world.window.end, lived.tickets
    customers = len(lived.loyalty.leaves_at)
    slow = np.zeros(customers, dtype=bool)
    served = np.zeros(customers, dtype=bool)
    served[tickets.customer[~np.isnan(lived.days)]] = True
    slow[tickets.customer[lived.days > 5]] = True
    left = lived.loyalty.leaves_at < end
    return left[slow].mean() / left[served & ~slow].mean()


def coached_points(lived: Lived) -> float:
    """What mystery shoppers give the coached site more from then on, less what they give the others more."""
    world, audits = lived.world, audit(7, lived.world, lived.service, lived.feelings)
    since = audits.at >= world.facts.coached_from
    here = audits.site == world.facts.coached_site

    def gain(of) -> float:
        return (
            audits.score[audits.is_mystery & of & since].mean() - audits.score[audits.is_mystery & of & ~since].mean()
        )

    return gain(here) - gain(~here)


def busy_months(lived: Lived) -> float:
    counts = np.bincount(lived.world.window.month_of(lived.tickets.created), minlength=24)[:24]
    return counts.max() / np.median(counts)


def written_of_silence(lived: Lived) -> float:
    """Share of the unhappy who would write that nobody told them anything, in the last month beside before."""
    tickets = np.arange(lived.service.delivered)
    nobody = np.zeros(len(tickets), dtype=bool)
    themes = choose_themes(stream(7, "asked"), lived.world, lived.service, lived.feelings, tickets, nobody)
    is_last = lived.tickets.exit_at[tickets] >= lived.world.window.month_starts[SILENT_MONTH]
    is_silence = themes == COMMUNICATION_BAD
    return is_silence[is_last].mean() / is_silence[~is_last].mean()


@pytest.mark.parametrize(
    ("effect", "planted_beyond", "nothing_within"),
    [
        (slower_month, (2.0, np.inf), (0.6, 1.5)),
        (slower_sites, (1.5, np.inf), (0.75, 1.33)),
        (waited_for_parts, (3, np.inf), (0, 0)),
        (leaks_of_the_batch, (2.0, np.inf), (0.4, 1.6)),
        (felt_of_days, (-1.0, -0.25), (-0.05, 0.05)),
        (left_after_slow_work, (1.5, np.inf), (0.8, 1.25)),
        (coached_points, (6.0, 12.0), (-3.5, 3.5)),
        (written_of_silence, (3.0, np.inf), (0.7, 1.4)),
        (busy_months, (1.2, np.inf), (1.0, 1.15)),
    ],
)
def test_an_effect_is_there_when_planted_and_gone_when_left_out(both, effect, planted_beyond, nothing_within):
    planted, plain = both
    assert planted_beyond[0] <= effect(planted) <= planted_beyond[1]
    assert nothing_within[0] <= effect(plain) <= nothing_within[1]


def test_one_plant_is_left_out_alone():
    lived = live(frozenset({Plant.UNDERSTAFFED_MONTH}))
    assert slower_month(lived) < 1.6
    assert slower_sites(lived) > 1.5
    assert lived.world.window.month_starts[SHORTAGE_MONTH] < lived.world.facts.shortage_from
    assert waited_for_parts(lived) > 2


def test_the_truth_tells_only_what_was_planted(tmp_path):
    generate(tmp_path / "plain", tickets=300, without=EVERYTHING)
    text = (tmp_path / "plain" / "truth.json").read_text(encoding="utf-8")
    told = {
        "parts_shortage", "bad_batch", "understaffed_month", "slow_sites", "satisfaction_effects", "coached_site",
        "silent_notices",
    }  # fmt: skip
    assert '"without": [' in text
    assert not [name for name in told if f'"{name}": {{' in text]


def test_what_is_left_out_is_said_beside_the_sources(tmp_path):
    generate(tmp_path / "plain", tickets=300, without=frozenset({Plant.SEASONS}))
    text = (tmp_path / "plain" / "parameters.json").read_text(encoding="utf-8")
    assert '"seasons"' in text
