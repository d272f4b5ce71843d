"""What is true of one world of the sample company: its last quarter lived many times, each life followed to its end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from orchestration.sample import vocabulary as words
from orchestration.sample.calls import ring_phones
from orchestration.sample.clock import DAY, NA, Flags, Ints, make_window
from orchestration.sample.company import found_company
from orchestration.sample.events import write_log
from orchestration.sample.feelings import feel
from orchestration.sample.generate import DEFAULT_AS_OF
from orchestration.sample.service import serve
from orchestration.sample.surveys import CSAT, NPS, survey
from orchestration.sample.tickets import Service, Tickets, take
from orchestration.sample.true_kpis import first_responses, first_time_fixes, repeated_within
from orchestration.sample.true_promises import kept_promises
from orchestration.sample.visits import COMPLETED
from orchestration.sample.world import World, make_world

QUARTER_DAYS = 91
YEAR = (181 + 365, 181)
"""Days before as-of in which the last whole calendar year begins and ends."""


@dataclass
class Truth:
    """Counts and durations of all years together; a share is true over total, a duration has its event or its exit."""

    shares: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    durations: dict[str, list[tuple[Ints, Flags]]] = field(default_factory=lambda: defaultdict(list))
    net_scores: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    people: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    """First-time fixes and jobs of the last whole year, by staff number."""

    def share(self, name: str) -> float:
        """True share of a name of `shares`."""
        true, total = self.shares[name]
        return true / total

    def net_score(self, name: str) -> float:
        """True net score of a name of `net_scores`."""
        net, total = self.net_scores[name]
        return 100 * net / total

    def quantile(self, name: str, share: float) -> float:
        """Seconds after which `share` have had their event, were there no other exits (Kaplan–Meier)."""
        seconds = np.concatenate([part for part, _ in self.durations[name]])
        happened = np.concatenate([part for _, part in self.durations[name]])
        return float(survival_quantile(seconds, happened, share))

    def count(self, name: str, true: Flags, total: Flags) -> None:
        """Add those of `total`, and those of them that are `true`, to a share."""
        self.shares[name][0] += int((true & total).sum())
        self.shares[name][1] += int(total.sum())


def survival_quantile(seconds: Ints, happened: Flags, share: float) -> float:
    """First duration at which the product-limit estimate is at most 1 − `share`; NaN where it is not reached."""
    times, position = np.unique(seconds, return_inverse=True)
    events = np.bincount(position, happened, len(times))
    leaving = np.bincount(position, minlength=len(times))
    at_risk = np.cumsum(leaving[::-1])[::-1]
    survival = np.cumprod(1 - events / at_risk)
    reached = np.flatnonzero(survival <= 1 - share + 1e-12)
    return float(times[reached[0]]) if len(reached) else float("nan")


def live(world_seed: int, seeds: Iterable[int], tickets: int) -> Truth:
    """Live the company's two years once for each of `seeds`, with the same staff, sites and units, and add up."""
    window = make_window(DEFAULT_AS_OF)
    world = make_world(found_company(world_seed, tickets, window), window)
    truth = Truth()
    for seed in seeds:
        _live_once(truth, world, seed, tickets)
    return truth


def planted(world_seed: int, tickets: int) -> dict[str, str]:
    """Staff numbers of the excellent and the poor technician of a world."""
    staff = found_company(world_seed, tickets, make_window(DEFAULT_AS_OF)).staff
    return {"excellent": str(staff.number[staff.excellent]), "poor": str(staff.number[staff.poor])}


def _live_once(truth: Truth, world: World, seed: int, count: int) -> None:
    service = serve(seed, world, count)
    calls = ring_phones(seed, world, service)
    feelings = feel(seed, world, service)
    tickets = take(service.tickets, np.arange(service.delivered))
    end = world.window.end
    start = end - QUARTER_DAYS * DAY

    created = (tickets.created >= start) & (tickets.exit != words.MERGED)
    responded = first_responses(service, calls)
    _lasting(truth, "first_response", tickets, responded, created)
    _lasting(truth, "resolution", tickets, tickets.first_resolved, created)

    kept = kept_promises(service, responded, write_log(seed, world, service))
    promised = (tickets.created >= start) & ~np.isin(tickets.exit, (words.CANCELLED, words.MERGED))
    truth.count("first_response_sla_attainment", kept.first_response, promised)
    truth.count("resolution_sla_attainment", kept.resolution, promised)

    resolved = (tickets.first_resolved != NA) & (tickets.first_resolved >= start) & (tickets.first_resolved < end)
    truth.count("first_contact_resolution_rate", ~repeated_within(service, calls, 7), resolved)

    fixed, counts = first_time_fixes(service)
    done = _completed(service)
    truth.count("first_time_fix_rate", fixed, counts & (done >= start) & (done < end))
    _by_person(truth, world, service, fixed, counts & (done >= end - YEAR[0] * DAY) & (done < end - YEAR[1] * DAY))

    answers = survey(seed, world, service, feelings)
    asked, about = answers.answers, answers.invitations.ticket[answers.answers.invitation]
    inside = (asked.at >= start) & (asked.at < end)
    truth.count("csat_top_box_share", asked.score >= 4, inside & (asked.metric == CSAT))
    everyone = resolved & (tickets.resolved != NA)
    truth.count("csat of everybody", (feelings.csat >= 4)[: service.delivered], everyone)
    recommends = inside & (asked.metric == NPS) & (about >= 0)
    net = np.where(asked.score >= 9, 1, np.where(asked.score <= 6, -1, 0))
    truth.net_scores["nps_transactional"][0] += int(net[recommends].sum())
    truth.net_scores["nps_transactional"][1] += int(recommends.sum())


def _lasting(truth: Truth, name: str, tickets: Tickets, reached: Ints, who: Flags) -> None:
    happened = reached != NA
    end = np.where(happened, reached, tickets.exit_at)
    truth.durations[name].append(((end - tickets.created)[who], happened[who]))


def _completed(service: Service) -> Ints:
    """Per delivered ticket: when its work order was first completed; the far future where never."""
    done = np.full(len(service.tickets.asset), np.iinfo(np.int64).max, dtype=np.int64)
    completed = service.visits.outcome == COMPLETED
    np.minimum.at(done, service.visits.ticket[completed], service.visits.completed[completed])
    return done[: service.delivered]


def _by_person(truth: Truth, world: World, service: Service, fixed: Flags, counts: Flags) -> None:
    """Charge each job to who made its first visit."""
    visits = service.visits
    first = np.full(len(service.tickets.asset), -1, dtype=np.int64)
    opening = visits.number == 0
    first[visits.ticket[opening]] = visits.technician[opening]
    for index in np.flatnonzero(counts).tolist():
        person = truth.people[str(world.company.staff.number[first[index]])]
        person[0] += int(fixed[index])
        person[1] += 1
