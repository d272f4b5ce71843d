"""The roster: who was to be at work when. Technicians around their visits, agents in posts of the hotline."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from orchestration.sample.calls import Calls
from orchestration.sample.clock import DAY, HOUR, MINUTE, NA, Flags, Ints, Window, holiday_flags, weekday_of
from orchestration.sample.company import Staff
from orchestration.sample.jobs import Jobs
from orchestration.sample.randoms import chance, pick, stream
from orchestration.sample.tickets import Service, stack, take
from orchestration.sample.world import World

KINDS = ("工作", "培训", "休假", "病假")
WORK, TRAINING, LEAVE, SICK = range(4)
SKILLS = ("在线", "报修")
ANY_QUEUE, WRITTEN, REPAIR = -1, 0, 1
PHONE_SHARE = 0.6
_ABSENCE = (0.93, 0.015, 0.03, 0.025)
_SHORT_SHIFT = 4 * HOUR
# Hours and skill, in the order in which they are filled: first one person each from night to evening.
_NIGHT, _MORNING, _LATE, _EVENING = (0, 8), (8, 16), (14, 22), (16, 24)
_CORE = ((_NIGHT, ANY_QUEUE), (_MORNING, ANY_QUEUE), (_LATE, ANY_QUEUE), (_EVENING, ANY_QUEUE))
_FURTHER = ((_MORNING, ANY_QUEUE), (_LATE, REPAIR), (_MORNING, REPAIR), (_LATE, ANY_QUEUE))


@dataclass(frozen=True)
class Shifts:
    """One element per shift that begins before as-of, by start and person; `rest` is the break in minutes."""

    person: Ints
    kind: Ints
    skill: Ints
    start: Ints
    end: Ints
    rest: Ints


def make_roster(seed: int, world: World, service: Service, jobs: Jobs, calls: Calls) -> Shifts:
    """Return every shift of technicians and agents in the window, for the most part where their work was."""
    rng = stream(seed, "roster")
    shifts = stack([_agent_shifts(rng, world, calls), _technician_shifts(rng, world, service, jobs)])
    shifts = take(shifts, shifts.start < world.window.end)
    return take(shifts, np.lexsort((shifts.person, shifts.start)))


def hours_without_agent(window: Window, staff: Staff, shifts: Shifts) -> Ints:
    """Starts of the hours of the window in which nobody was rostered for the telephone of the hotline."""
    on_phone = (shifts.kind == WORK) & staff.is_agent[shifts.person] & (shifts.skill != WRITTEN)
    first = (shifts.start[on_phone] - window.start) // HOUR
    last = -((window.start - shifts.end[on_phone]) // HOUR)
    count = (window.end - window.start) // HOUR
    changes = np.zeros(count + 1, dtype=np.int64)
    np.add.at(changes, np.clip(first, 0, count), 1)
    np.add.at(changes, np.clip(last, 0, count), -1)
    empty = np.flatnonzero(np.cumsum(changes)[:count] == 0)
    return np.asarray(window.start + empty * HOUR, dtype=np.int64)


def _days(window: Window) -> Ints:
    return np.arange(window.start // DAY, (window.end - 1) // DAY + 1, dtype=np.int64)


def _breaks(length: Ints) -> Ints:
    """Break in minutes: an hour in eight, half an hour in five, else none."""
    return np.where(length >= 8 * HOUR, 60, np.where(length >= 5 * HOUR, 30, 0)).astype(np.int64)


def _agent_shifts(rng: np.random.Generator, world: World, calls: Calls) -> Shifts:
    """Fill the posts of each day with those who are not off or absent, each with who took most calls in its hours.

    Who took no call in the hours of any post left fills what is left, by turns. In the understaffed month the night is
    closed from 22 to 8, and few posts are filled by day.
    """
    staff, window = world.company.staff, world.window
    agents, days = np.flatnonzero(staff.is_agent), _days(window)
    absence = pick(rng, _ABSENCE, len(days) * len(agents)).reshape(len(days), len(agents))
    short, holidays, weekday = world.facts.is_understaffed(days * DAY), holiday_flags(days), weekday_of(days)
    taken = _calls_by_hour(window, agents, days, calls)
    rows: list[tuple[int, int, int, int, int]] = []
    for index, day in enumerate(days.tolist()):
        free: list[int] = []
        for seat in np.argsort((np.arange(len(agents)) + day // 7) % len(agents)).tolist():
            person, is_busy = int(agents[seat]), bool(taken[index, seat].any())
            employed = staff.hired[person] <= day * DAY < staff.left[person]
            if not employed or (not is_busy and (int(weekday[index]) - 2 * seat) % 7 < 2):
                continue
            if not is_busy and absence[index, seat] != WORK:
                rows.append((person, int(absence[index, seat]), ANY_QUEUE, day * 24 + 8, day * 24 + 16))
            else:
                free.append(seat)
        for (first, last), skill in _posts(len(free), bool(short[index]), bool(holidays[index])):
            if free:
                seat = max(free, key=lambda each: int(taken[index, each, first:last].sum()))
                free.remove(seat)
                rows.append((int(agents[seat]), WORK, skill, day * 24 + first, day * 24 + last))
    person, kind, skill, start, end = np.array(rows, dtype=np.int64).T
    return _shifts(person, kind, skill, start * HOUR, end * HOUR)


def _calls_by_hour(window: Window, agents: Ints, days: Ints, calls: Calls) -> Ints:
    """How many legs each agent answered: array (day, agent, hour of the day)."""
    seat = np.full(int(max(agents.max(), calls.agent.max())) + 2, -1, dtype=np.int64)
    seat[agents] = np.arange(len(agents))
    seen = (calls.agent >= 0) & (calls.offered >= window.start) & (calls.offered // DAY <= days[-1])
    seen &= seat[calls.agent] >= 0
    at, who = calls.offered[seen], seat[calls.agent[seen]]
    cell = ((at // DAY - days[0]) * len(agents) + who) * 24 + at // HOUR % 24
    return np.bincount(cell, minlength=len(days) * len(agents) * 24).reshape(len(days), len(agents), 24)


def _posts(people: int, is_short: bool, is_holiday: bool) -> list[tuple[tuple[int, int], int]]:
    """Hours and skill of each of so many people, the most important posts first; fewer where fewer are wanted."""
    if is_short:
        return [(_MORNING, ANY_QUEUE), (_LATE, ANY_QUEUE), *[(_MORNING, WRITTEN)] * (people // 3)]
    if is_holiday:
        return list(_CORE)
    phone = max(round(PHONE_SHARE * people), len(_CORE))
    further = [_FURTHER[index % len(_FURTHER)] for index in range(phone - len(_CORE))]
    return [*_CORE, *further, *[(_MORNING, WRITTEN)] * max(people - phone, 0)]


def _technician_shifts(rng: np.random.Generator, world: World, service: Service, jobs: Jobs) -> Shifts:
    """Roster technicians over the visits of each day, four hours at least; some wait for work, some are absent."""
    staff, window, visits = world.company.staff, world.window, service.visits
    made = (visits.arrived != NA) & (visits.completed != NA)
    person = np.concatenate([visits.technician[made], jobs.technician])
    begin = np.concatenate([(visits.arrived - visits.travel * MINUTE)[made], jobs.arrived - jobs.travel * MINUTE])
    over = np.concatenate([visits.completed[made], jobs.completed])
    seen = (person >= 0) & (begin >= window.start) & (over < window.end)
    person, begin, over = person[seen], begin[seen], over[seen]
    key, member = np.unique(begin // DAY * len(staff.site) + person, return_inverse=True)
    start, end = np.full(len(key), np.iinfo(np.int64).max), np.zeros(len(key), dtype=np.int64)
    np.minimum.at(start, member, begin // (30 * MINUTE) * (30 * MINUTE))
    np.maximum.at(end, member, -(-over // (30 * MINUTE)) * (30 * MINUTE))
    end = np.maximum(end, start + _SHORT_SHIFT)
    busy = _shifts(key % len(staff.site), np.full(len(key), WORK), np.full(len(key), ANY_QUEUE), start, end)
    return stack([busy, _days_without_visits(rng, world, key)])


def _days_without_visits(rng: np.random.Generator, world: World, busy: Ints) -> Shifts:
    """Half days on call and whole days of absence, on working days without a visit (`busy`: day × people + person)."""
    staff, window = world.company.staff, world.window
    people, days = len(staff.site), _days(window)
    day, person = (grid.ravel() for grid in np.meshgrid(days, np.arange(people), indexing="ij"))
    works: Flags = (weekday_of(day) < 5) & ~holiday_flags(day) & ~staff.is_agent[person]
    works &= (staff.hired[person] <= day * DAY) & (day * DAY < staff.left[person])
    works &= ~np.isin(day * people + person, busy)
    drawn = pick(rng, (0.945, 0.008, 0.015, 0.012, 0.02), len(day))
    afternoon = chance(rng, 0.5, len(day))
    wanted = works & (drawn > 0)
    kind = np.where(drawn == 4, WORK, drawn)[wanted]
    half, start = kind == WORK, day[wanted] * DAY + 9 * HOUR
    start = start + np.where(half & afternoon[wanted], 5 * HOUR, 0)
    end = start + np.where(half, _SHORT_SHIFT, 9 * HOUR)
    return _shifts(person[wanted], kind, np.full(len(kind), ANY_QUEUE), start, end)


def _shifts(person: Ints, kind: Ints, skill: Ints, start: Ints, end: Ints) -> Shifts:
    shifts = Shifts(person=person, kind=kind, skill=skill, start=start, end=end, rest=_breaks(end - start))
    return replace(shifts, rest=np.where(kind == WORK, shifts.rest, 0))
