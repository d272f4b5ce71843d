"""Monthly drops of the roster, as delivered at as-of."""

from __future__ import annotations

import numpy as np

from orchestration.sample import vocabulary as words
from orchestration.sample.clock import DAY, HOUR, MINUTE, Ints, text_of
from orchestration.sample.randoms import spread
from orchestration.sample.rows import (
    Files,
    Rows,
    changed,
    join_rows,
    length,
    numbers,
    pick_rows_at,
    some,
    split_files,
    words_at,
)
from orchestration.sample.scene import SITE_CODES, Scene
from orchestration.sample.shifts import KINDS, SKILLS, WORK, Shifts, hours_without_agent
from orchestration.sample.true_kpis import Tree


def shift_files(scene: Scene, shifts: Shifts) -> Files:
    """One file per month of the start; shifts that were moved are delivered in both versions."""
    rng, dirt, window = scene.stream("roster-files"), scene.dirt, scene.window
    size = len(shifts.person)
    site = scene.company.staff.site[shifts.person]
    nowhere, unrested = some(rng, size, 0.004, least=3), some(rng, size, 0.004, least=3)
    site[nowhere] = -1
    dirt.plant("shifts", "missing_site", len(nowhere))
    is_unrested = np.isin(np.arange(size), unrested)
    dirt.plant("shifts", "missing_break", len(unrested))
    mistaken = _ends_on_wrong_day(scene, shifts)
    planned = np.minimum(shifts.start - spread(rng, 7 * DAY, 21 * DAY, size), window.end - HOUR)
    rows: Rows = {
        "ShiftNo": np.array([f"PB{index + 1:07d}" for index in range(size)], dtype=object),
        "StaffNo": scene.company.staff.number[shifts.person],
        "SiteCode": SITE_CODES[site],
        "Skill": words_at(SKILLS, shifts.skill),
        "Kind": words_at(KINDS, shifts.kind),
        "BreakMin": numbers(shifts.rest, is_unrested),
        "StartTime": text_of(shifts.start),
        "EndTime": text_of(np.where(mistaken, shifts.end - DAY, shifts.end)),
        "ModTime": text_of(planned),
    }
    moved = some(rng, size, 0.01, least=3)
    moved_from = changed(
        pick_rows_at(rows, moved),
        StartTime=text_of(shifts.start[moved] + 2 * HOUR),
        ModTime=text_of(planned[moved] - spread(rng, MINUTE, DAY, len(moved))),
    )
    dirt.supersede("shifts", "moved", len(moved))
    bad = changed(pick_rows_at(rows, np.arange(3)), ShiftNo=np.array(["PBBAD1", None, "PBBAD3"], dtype=object))
    bad["StartTime"][0], bad["Kind"][2] = "2025-02-30 08:00:00", "待定"
    for kind in ("bad_date", "missing_key", "unknown_kind"):
        dirt.reject("shifts", kind, 1)
    starts = window.month_starts[: max(int(window.month_of(np.array([window.end - 1]))[0]) + 1, 1)]
    names = {index: f"shifts/{text[:7]}.csv" for index, text in enumerate(text_of(starts, "date").tolist())}
    month = window.month_of(shifts.start)
    of_file = np.concatenate([month, month[moved], np.full(length(bad), len(names) // 2)])
    return split_files(join_rows([rows, moved_from, bad]), of_file, names)


def roster_facts(scene: Scene, shifts: Shifts) -> Tree:
    """What is true of the roster: the hours as they were worked, whatever was written down wrongly."""
    window, staff = scene.window, scene.company.staff
    work = shifts.kind == WORK
    seconds = shifts.end - shifts.start
    agent = staff.is_agent[shifts.person]
    empty = hours_without_agent(window, staff, shifts)
    month = window.month_of(empty)
    names = [text[:7] for text in text_of(window.month_starts, "date").tolist()]
    return {
        "shifts": len(shifts.person),
        "rostered_hours": _hours(seconds),
        "work_hours_agents": _hours(seconds[work & agent]),
        "work_hours_technicians": _hours(seconds[work & ~agent]),
        "break_hours": round(float(shifts.rest[work].sum()) / 60, 4),
        "hours_without_phone_agent": {names[index]: int((month == index).sum()) for index in np.unique(month).tolist()},
    }


def _ends_on_wrong_day(scene: Scene, shifts: Shifts) -> np.ndarray:
    """Some evenings of the hotline end at midnight, which was written down as the midnight before."""
    rng = scene.stream("roster-ends")
    at_midnight = np.flatnonzero((shifts.end % DAY == 0) & (shifts.kind == WORK))
    at_midnight = at_midnight[scene.company.staff.site[shifts.person[at_midnight]] == words.HOTLINE]
    chosen = at_midnight[some(rng, len(at_midnight), 0.004, least=2)]
    scene.dirt.plant("shifts", "ends_before_start", len(chosen))
    return np.isin(np.arange(len(shifts.person)), chosen)


def _hours(seconds: Ints) -> float:
    return round(float(seconds.sum()) / HOUR, 4)
