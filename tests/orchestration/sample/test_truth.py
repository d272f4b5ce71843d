"""The truth beside the sources: it adds up, agrees with what was written, and its facts show in the delivered rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from decimal import Decimal
from statistics import median

PLANS = {"promise_time", "plan_time", "svc_start", "svc_end", "warranty_end", "cert_expiry"}
AS_OF = "2026-07-01 00:00:00"
COMPONENTS = {
    "工资": "wage", "奖金": "bonus", "社保": "social_insurance", "培训": "training", "维修配件": "repair",
    "更换零部件": "replacement", "耗材": "consumable", "房租": "rent", "水电": "utilities",
    "交通": "transport", "工具": "tools",
}  # fmt: skip


def seconds(later: str, earlier: str) -> float:
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds()


def current_orders(company, columns: str) -> list[tuple]:
    """Each delivered order at its latest revision, without test orders and broken rows."""
    return company.query(
        f"select {columns} from ("
        "select *, row_number() over (partition by order_no order by rev desc, row_no desc) as n "
        "from service_order where order_type <> 'TEST' and order_no is not null and order_no not like 'GDBAD%') "
        "where n = 1"
    )


def booked_by_hand(company) -> dict[tuple[str, str, str], Decimal]:
    """What labour, operations and used parts of the written files add up to, per month, site and ledger account."""
    booked: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    persons = {}
    for row in company.csv_rows("costs/labor_*.csv"):
        if row["工号"] and row["工资"] != "待定":
            persons[row["工号"], row["月份"]] = row
    for row in persons.values():
        for delivered, account in (("工资", "工资"), ("奖金", "奖金"), ("社保", "社保"), ("培训费", "培训")):
            booked[row["月份"], row["网点"], account] += Decimal(row[delivered])
    for row in company.csv_rows("costs/operating_*.csv"):
        for account in ("房租", "水电", "交通", "工具"):
            if row["网点"] != "XX99":
                booked[row["月份"], row["网点"], account] += Decimal(row[account])
    accounts = {"维修件": "维修配件", "更换件": "更换零部件", "耗材": "耗材"}
    used = company.query(
        "select distinct pl_no, substr(use_time, 1, 7), site_code, part_class, qty, unit_cost, recovered "
        "from part_line where use_time is not null and pl_no not like 'PLBAD%'"
    )
    for _, month, site, kind, quantity, cost, recovered in used:
        booked[month, site, accounts[kind]] += int(quantity) * Decimal(str(cost)) - Decimal(str(recovered))
    return booked


def test_ledger_agrees_to_the_cent(company):
    booked = booked_by_hand(company)
    ledger = {
        (row["月份"], row["网点"], row["科目"]): Decimal(row["金额"])
        for row in company.csv_rows("costs/ledger_*.csv")
        if row["科目"] != "招待费"
    }
    assert len(ledger) == 24 * 14 * 11
    assert {key: amount for key, amount in ledger.items() if amount != booked.get(key, 0)} == {}
    assert set(booked) <= set(ledger)
    by_component: Counter[str] = Counter()
    for (_, _, account), amount in ledger.items():
        by_component[COMPONENTS[account]] += int(amount * 100)
    assert by_component == Counter(company.truth["kpis"]["cost_cents_by_component"])


def is_kept(steps: list[tuple], reached: str | None, hours: dict[str, int], *, stops: bool) -> bool:
    """Whether a promise of so many hours by priority was kept, by a walk through the log of an order.

    `steps` are (action, state, priority, handler, time). The promise is judged under the first priority in force while
    which it was reached, or its time ran out; with `stops` the clock stands still while the customer is waited for,
    and between a resolution and a reopening.
    """
    written = [step for step in steps if step[0] != "FIRST_REPLY"]  # stamped by clocks that run behind
    start = datetime.fromisoformat(written[0][4])
    instants = [(datetime.fromisoformat(step[4]) - start).total_seconds() for step in written]
    end = float("inf") if reached is None else (datetime.fromisoformat(reached) - start).total_seconds()
    spans = list(zip(instants, [*instants[1:], float("inf")], written, strict=True))

    def due(priority: str) -> float:
        left = hours[priority] * 3_600.0
        for begins, ends, (_, state, *_) in spans:
            stands = state == "待客户" or (state in {"已解决", "已关闭"} and begins < end)
            if not (stops and stands and begins < end) and ends - begins >= left:
                return begins + left
            left -= 0 if stops and stands and begins < end else ends - begins
        raise AssertionError("the last span never ends")

    for _, ends, (_, _, priority, *_) in spans:
        if min(due(priority), end) < ends:
            return end <= due(priority)
    raise AssertionError("the last span never ends")


def test_nothing_after_as_of_is_delivered(company):
    tables = [name for (name,) in company.query("select name from sqlite_master where type = 'table'")]
    latest = {}
    for table in tables:
        for column in [row[1] for row in company.query(f"pragma table_info({table})")]:
            if column in PLANS or not column.endswith(("_at", "_time", "_date")):
                continue
            [(found,)] = company.query(f"select max({column}) from {table} where {column} glob '2[0-9][0-9][0-9]-*'")
            latest[table, column] = found or ""
    assert max(latest.values()) > "2026-06-30"
    assert {place: found for place, found in latest.items() if found >= AS_OF} == {}
    calls = list(company.csv_rows("calls/*.csv"))
    assert max(row["EndTime"] or "" for row in calls) < "2026/07/01"
    answered = [row["answeredAt"] for row in company.json_rows("surveys/*.ndjson") if "answeredAt" in row]
    sent = [row["sentAt"] for row in company.json_rows("surveys/*.ndjson") if "sentAt" in row]
    assert max(value for value in answered + sent if value[:2] == "20") < "2026-07-01"


def test_early_months_show_the_truth(company):
    """Tickets of the first year have ended long ago: what is delivered of them must give the true values exactly."""
    late_exits = {"已取消", "已合并"}
    columns = "opened_at, first_reply_at, solved_at, order_no, state"
    log: dict[str, list[tuple]] = defaultdict(list)
    entries = "order_no, action, state, prio, handler, logged_at"
    where = "where log_id not like 'GDBAD%' group by order_no, seq order by order_no, seq"
    for order, *entry in company.query(f"select {entries} from service_log {where}"):
        log[order].append(tuple(entry))
    response, resolution = {"P1": 1, "P2": 24, "P3": 24, "P4": 24}, {"P1": 24, "P2": 72, "P3": 72, "P4": 72}
    by_month: dict[str, list[tuple]] = defaultdict(list)
    called: dict[str, str] = {}
    for call in company.csv_rows("calls/*.csv"):
        if call["OrderNo"] and call["Result"] == "接通":
            at = call["AnswerTime"].replace("/", "-")
            called[call["OrderNo"]] = min(at, called.get(call["OrderNo"], at))
    for order, opened, replied, *rest in current_orders(company, f"order_no, {columns}"):
        answered = min((at for at in (replied, called.get(order)) if at), default=None)
        by_month[opened[:7]].append((opened, answered, *rest))
    for month in sorted(by_month)[:12]:
        rows, true = by_month[month], company.truth["kpis"]["by_month"][month]
        counted = [row for row in rows if row[4] not in late_exits]
        in_time = [r for r in counted if r[1] and is_kept(log[r[3]], r[1], response, stops=False)]
        resolved = [row for row in rows if row[2]]
        solved_in_time = [r for r in counted if r[2] and is_kept(log[r[3]], r[2], resolution, stops=True)]
        assert (len(rows), len(counted)) == (true["tickets"], true["sla_first_response"]["of"]), month
        assert len(in_time) == true["sla_first_response"]["n"], month
        assert len(solved_in_time) == true["sla_resolution"]["n"], month
        waits = [seconds(row[1], row[0]) for row in rows if row[1] and row[4] != "已合并"]
        assert len(waits) == true["first_response_seconds"]["n"], month
        if min(waits) >= 0:  # else a row says that it was answered before it was raised: planted
            assert abs(sum(waits) / len(waits) - true["first_response_seconds"]["mean"]) < 1e-3, month
        durations = [seconds(row[2], row[0]) for row in resolved]
        assert len(durations) == true["resolution_full_seconds"]["n"], month
        assert abs(median(durations) - true["resolution_full_seconds"]["median"]) < 1e-6, month


def test_orders_agree_with_their_log(company):
    """The row of an order is what its log says at as-of: state, priority, person, and each stamp."""
    log: dict[str, dict[int, tuple]] = defaultdict(dict)
    entries = "order_no, seq, action, state, prio, handler, logged_at"
    for order, sequence, *entry in company.query(f"select {entries} from service_log where log_id not like 'GDBAD%'"):
        log[order][sequence] = tuple(entry)
    columns = "order_no, state, prio, handler, first_reply_at, solved_at, closed_at, modified_at, reopen_times"
    differing = []
    for order, state, prio, handler, replied, solved, closed, modified, reopened in current_orders(company, columns):
        steps = [log[order][sequence] for sequence in sorted(log[order])]
        stamps: dict[str, list[str]] = defaultdict(list)
        for action, *_, at in steps:
            stamps[action].append(at)
        told = (
            steps[-1][1:4] == (state, prio, handler)
            and modified == steps[-1][4]
            and [replied] == stamps.get("FIRST_REPLY", [None])
            and solved == max(stamps.get("DONE", [None]))
            and (closed is not None) == (state == "已关闭")
            and reopened == len(stamps["REOPEN"])
        )
        differing += [] if told else [order]
    assert differing == []


def test_last_month_is_censored_in_the_sources_but_not_in_the_truth(company):
    delivered = [row for row in current_orders(company, "opened_at, solved_at") if row[0] >= "2026-06"]
    true = company.truth["kpis"]["by_month"]["2026-06"]
    assert len(delivered) == true["tickets"]
    assert sum(1 for row in delivered if row[1]) < true["resolution_full_seconds"]["n"]


def test_parts_of_the_truth_add_up(company):
    kpis = company.truth["kpis"]
    for breakdown in ("by_site", "by_month", "by_priority"):
        values = kpis[breakdown].values()
        assert sum(value["tickets"] for value in values) == kpis["all"]["tickets"] == company.summary.tickets
        for metric in ("sla_first_response", "sla_resolution"):
            assert sum(value[metric]["n"] for value in values) == kpis["all"][metric]["n"]
            assert sum(value[metric]["of"] for value in values) == kpis["all"][metric]["of"]
    fcr, repeat = kpis["all"]["fcr_window_7d"], kpis["all"]["repeat_contact_7d"]
    assert fcr["n"] + repeat["n"] == fcr["of"] == repeat["of"]
    months = kpis["cost_cents_by_month"].values()
    for component, cents in kpis["cost_cents_by_component"].items():
        assert sum(month[component] for month in months) == cents


def test_behaviour_is_plausible(company):
    """Wide bounds around what the company was tuned to: 1,500 tickets scatter."""
    values = company.truth["kpis"]["all"]
    assert 0.85 < values["sla_first_response"]["share"] < 0.93
    assert 0.74 < values["first_time_fix_30d"]["share"] < 0.86
    assert 0.08 < values["repeat_contact_7d"]["share"] < 0.16
    assert 0.02 < values["reopen_rate"]["share"] < 0.06
    assert 0.76 < values["satisfaction"]["csat_top_box"] < 0.86
    assert 25 < values["satisfaction"]["nps"] < 45
    assert 0.9 < values["resolution_full_seconds"]["median"] / 86_400 < 2.0
    assert 5 < values["resolution_full_seconds"]["p90"] / 86_400 < 10
    cost = sum(company.truth["kpis"]["cost_cents_by_component"].values()) / 100 / company.summary.tickets
    assert 200 < cost < 900


def test_parts_shortage_shows_in_the_stock(company):
    fact = company.truth["facts"]["parts_shortage"]
    marks = ", ".join("?" for _ in fact["parts"])
    sql = (
        f"select sum(cast(on_hand as integer) > 0), count(distinct count_date) from part_stock where site_code = ? "
        f"and part_no in ({marks}) and count_date >= ? and count_date < ?"
    )
    days = (fact["from"][:10], fact["to"][:10])
    assert company.query(sql, fact["site"], *fact["parts"], *days) == [(0, 9)]
    [(elsewhere, _)] = company.query(sql, "SH01", *fact["parts"], *days)
    assert elsewhere > 0


def test_bad_batch_shows_in_the_tickets(company):
    fact = company.truth["facts"]["bad_batch"]
    [(units,)] = company.query("select count(distinct unit_no) from installed_base where prod_batch = ?", fact["batch"])
    found = company.query(
        "select count(distinct order_no), count(distinct case when fault_class = ? then order_no end) "
        "from service_order join installed_base using (unit_no) "
        "where prod_batch = ? and order_type <> 'TEST' and order_no not like 'GDBAD%'",
        fact["fault"],
        fact["batch"],
    )
    assert units == fact["units"]
    # Some orders lack their unit or their fault: that is planted too.
    assert 0.9 * fact["tickets"] <= found[0][0] <= fact["tickets"]
    assert 0.9 * fact["tickets_of_the_fault"] <= found[0][1] <= fact["tickets_of_the_fault"]
    assert fact["tickets"] / fact["units"] > 1.8 * fact["tickets_of_other_units"] / fact["other_units_of_the_model"]


def test_understaffed_month_shows_in_calls_and_first_responses(company):
    fact = company.truth["facts"]["understaffed_month"]
    lost: dict[bool, list[bool]] = {True: [], False: []}
    for row in company.csv_rows("calls/*.csv"):
        if row["Direction"] == "IN" and row["LegNo"] == "1" and row["Result"] in {"接通", "放弃", "留言"}:
            inside = row["OfferTime"][:7].replace("/", "-") == fact["month"]
            lost[inside].append(row["Result"] == "放弃")
    share = {inside: sum(values) / len(values) for inside, values in lost.items()}
    assert share[True] > 2 * share[False]
    waits: dict[bool, list[float]] = {True: [], False: []}
    for created, answered in current_orders(company, "opened_at, first_reply_at"):
        if answered:
            waits[created[:7] == fact["month"]].append(seconds(answered, created))
    assert median(waits[True]) > 5 * median(waits[False])


def test_the_roster_is_delivered_with_its_planted_hours_and_mistakes(company):
    """The drops give the true hours back, but for the evenings of which the end was written down wrongly."""
    fact, dirt = company.truth["facts"]["roster"], company.truth["dirt"]["shifts"]
    shifts: dict[str, dict[str, str]] = {}
    for row in company.csv_rows("shifts/*.csv"):
        if row["ShiftNo"].startswith("PB0") and row["ModTime"] >= shifts.get(row["ShiftNo"], row)["ModTime"]:
            shifts[row["ShiftNo"]] = row
    assert len(shifts) == fact["shifts"]
    assert sum(not row["BreakMin"] for row in shifts.values()) == dirt["missing_break"] >= 3
    assert sum(not row["SiteCode"] for row in shifts.values()) == dirt["missing_site"] >= 3
    lengths = {number: seconds(row["EndTime"], row["StartTime"]) for number, row in shifts.items()}
    assert sum(length < 0 for length in lengths.values()) == dirt["ends_before_start"] >= 2
    rostered = sum(length + (86_400 if length < 0 else 0) for length in lengths.values())
    assert rostered / 3_600 == fact["rostered_hours"]
    assert all(row["StartTime"] < AS_OF for row in shifts.values())
    month = company.truth["facts"]["understaffed_month"]["month"]
    empty = fact["hours_without_phone_agent"]
    assert max(empty, key=empty.get) == month
    assert empty[month] >= 300 > 10 * max((hours for name, hours in empty.items() if name != month), default=0)


def test_slow_sites_are_slow_and_lose_customers(company):
    fact = company.truth["facts"]["slow_sites"]
    assert fact["bought_again_within_180d_slow_sites"] < fact["bought_again_within_180d_other_shops"]
    times: dict[str, list[float]] = defaultdict(list)
    for site, created, solved in current_orders(company, "site_code, opened_at, solved_at"):
        if solved:
            times[site].append(seconds(solved, created))
    slow = median(value for site in fact["sites"] for value in times[site])
    shops = set(times) - {*fact["sites"], "HL01"}
    others = median(value for site in shops for value in times[site])
    assert slow > 1.8 * others


def test_remarkable_technicians_have_few_jobs(company):
    facts = company.truth["facts"]["technicians"]
    true = company.truth["kpis"]["technicians"]
    usual = [person["fix_probability"] for person in true.values()]
    jobs = median(person["resolved_tickets"] for number, person in true.items() if number.startswith("T"))
    assert facts["excellent"]["fix_probability"] == max(usual)
    assert facts["poor"]["fix_probability"] == min(usual)
    for person in facts.values():
        [(hired,)] = company.query("select entry_date from staff where staff_no = ?", person["staff_no"])
        assert hired >= "2026-04-01"
        assert person["resolved_tickets"] < jobs / 4
    effect = company.truth["facts"]["satisfaction_effects"]
    assert effect["top_box_share_attitude_above_mean"] > effect["top_box_share_attitude_below_mean"] + 0.05


def test_planted_dirt_is_in_the_rows(company):
    dirt = company.truth["dirt"]
    orders = current_orders(company, "opened_at, first_reply_at, cust_no, channel, fault_class")
    assert sum(1 for row in orders if row[1] and row[1] < row[0]) == dirt["tickets"]["clock_skew"] >= 3
    for index, kind in ((2, "missing_customer"), (3, "missing_channel"), (4, "missing_issue")):
        assert sum(1 for row in orders if row[index] is None) == dirt["tickets"][kind] >= 3
    answers = {row["aid"]: row for row in company.json_rows("surveys/answers_*.ndjson") if "aid" in row}
    real = [row for aid, row in answers.items() if not aid.startswith("ANBAD")]
    outside = [r for r in real if "score" in r and not r["scale"]["min"] <= r["score"] <= r["scale"]["max"]]
    assert len(outside) == dirt["survey_answers"]["score_out_of_scale"] >= 3
    delivered_on: dict[tuple[str, str], list[str]] = defaultdict(list)
    began_on: dict[str, str] = {}
    for path in company.folder.glob("calls/*.csv"):
        for row in company.csv_rows(f"calls/{path.name}"):
            delivered_on[row["CallUID"], row["LegNo"]].append(path.stem)
            if row["LegNo"] == "1":
                began_on[row["CallUID"]] = row["OfferTime"][:10].replace("/", "-")
    good = {leg: days for leg, days in delivered_on.items() if leg[0].startswith("CC2")}
    assert sum(len(days) - 1 for days in good.values()) == dirt["calls"]["delivered_again_next_day"] >= 3
    assert sum(min(days) > began_on[leg[0]] for leg, days in good.items()) == dirt["calls"]["late"] >= 3
    assert any(
        row["EndTime"] and row["EndTime"][:10] > row["OfferTime"][:10] for row in company.csv_rows("calls/*.csv")
    )


def test_comments_are_in_two_languages_and_about_their_themes(company):
    comments = {r["aid"]: r for r in company.json_rows("surveys/answers_*.ndjson") if "text" in r and "aid" in r}
    languages = Counter(row["lang"] for aid, row in comments.items() if not aid.startswith("ANBAD"))
    assert languages["zh"] > 3 * languages["en"] > 0
    assert sum(languages.values()) == sum(company.truth["comment_themes"].values())
