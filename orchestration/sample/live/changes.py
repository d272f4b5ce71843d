"""One day in the life of the three systems: what customers, technicians and agents change in them, exactly counted."""

# ruff: noqa: S608 - names are those of the sample's own tables
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from orchestration.sample.clock import ZONE
from orchestration.sample.live.call_database import INSERT
from orchestration.sample.live.systems import Systems

NEW_TICKETS = 8
RESOLVED_TICKETS = 4
COMPLETED_VISITS = 3
CHANGED_CUSTOMERS = 3
DELETED_PART_LINES = 2
NEW_CALLS = 3
DELETED_CALLS = 2

_MORNING, _NOON = timedelta(hours=9), timedelta(hours=12)
# What is committed only now, though it was stamped before the newest row that the warehouse has seen.
_LATE_BY = timedelta(days=1, hours=12)

# What a ticket does not have yet when it is raised.
_NOT_YET = (
    "handler", "accepted_at", "first_reply_at", "started_at", "solved_at", "closed_at", "visited_at", "sla_resp",
    "sla_solve", "fee", "fail_cause", "merged_to", "delay_cause",
)  # fmt: skip

_Row = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """Keys of one feed that a day adds, changes and removes."""

    added: int = 0
    changed: int = 0
    removed: int = 0


def live_a_day(systems: Systems, day: datetime) -> dict[str, Change]:
    """Let the local `day` (naive midnight) pass in the systems; return what changed, by feed."""
    with systems.crm.connect() as crm:
        changes = _tickets(crm, day) | {
            "customers": _customers(crm, day),
            "visits": _visits(crm, day),
            "complaints": _withdrawn_complaint(crm, day),
            "part_lines": _deleted_part_lines(crm),
        }
    return changes | {"calls": _calls(systems, day)} | _surveys(systems, day)


def _tickets(crm: psycopg.Connection[Any], day: datetime) -> dict[str, Change]:
    """New tickets, one of them committed late, and open ones that are resolved; each with its event."""
    began = [day + _MORNING + timedelta(minutes=7 * number) for number in range(NEW_TICKETS)]
    began.append(day - _LATE_BY)
    (template,) = _rows(crm, "select * from service_order where state = '已关闭' order by row_no limit 1")
    for number, at in enumerate(began):
        order = f"GD{at:%y%m%d}9{number:04d}"
        new = {"order_no": order, "state": "待受理", "rev": 1, "reopen_times": 0, "reply_times": 0}
        _insert(
            crm,
            "service_order",
            template | dict.fromkeys(_NOT_YET) | new | {"opened_at": at, "modified_at": at},
        )
        _log(crm, order, 1, {"action": "CREATE", "actor_type": "客户", "actor": None, "state": "待受理"}, at)
    in_work = _rows(
        crm,
        "select * from "
        "(select distinct on (order_no) * from service_order order by order_no, modified_at desc, rev desc) as latest "
        "where state = '处理中' order by order_no limit %s",
        RESOLVED_TICKETS,
    )
    for number, ticket in enumerate(in_work):
        at = day + _NOON + timedelta(minutes=11 * number)
        crm.execute(
            "update service_order set state = '已解决', rev = rev + 1, solved_at = %(at)s, modified_at = %(at)s, "
            "started_at = coalesce(started_at, %(at)s), first_reply_at = coalesce(first_reply_at, %(at)s) "
            "where row_no = %(row_no)s",
            {"at": at, "row_no": ticket["row_no"]},
        )
        (last,) = _rows(crm, "select max(seq) as seq from service_log where order_no = %s", ticket["order_no"])
        done = {"action": "DONE", "actor_type": "技师", "actor": ticket["handler"], "state": "已解决"}
        _log(crm, ticket["order_no"], last["seq"] + 1, done, at)
    return {
        "tickets": Change(added=len(began), changed=len(in_work)),
        "ticket_events": Change(added=len(began) + len(in_work)),
    }


def _log(crm: psycopg.Connection[Any], order: str, sequence: int, event: _Row, at: datetime) -> None:
    (ticket,) = _rows(crm, "select * from service_order where order_no = %s order by modified_at desc limit 1", order)
    row = {name: ticket[name] for name in ("order_no", "prio", "site_code", "handler")}
    own = {"log_id": f"{order}-{sequence:02d}", "seq": sequence, "remark": None, "visible": True, "logged_at": at}
    _insert(crm, "service_log", {**row, **own, **event})


def _customers(crm: psycopg.Connection[Any], day: datetime) -> Change:
    """Customers who changed their telephone number, and a new one."""
    once = "select max(row_no) from customer where cust_no is not null group by cust_no having count(*) = 1"
    for row in _rows(crm, f"select row_no from ({once}) as known (row_no) order by row_no limit %s", CHANGED_CUSTOMERS):
        crm.execute(
            "update customer set mobile = %s, modified_at = %s where row_no = %s",
            (f"139{row['row_no']:08d}", day + _NOON, row["row_no"]),
        )
    (template,) = _rows(crm, "select * from customer where cust_no is not null order by row_no limit 1")
    _insert(
        crm, "customer", template | {"cust_no": "C999001", "reg_time": day + _MORNING, "modified_at": day + _MORNING}
    )
    return Change(added=1, changed=CHANGED_CUSTOMERS)


def _visits(crm: psycopg.Connection[Any], day: datetime) -> Change:
    """Visits that took place."""
    open_visits = _rows(
        crm,
        "select row_no from work_visit where result = '待上门' and visit_no in "
        "(select visit_no from work_visit group by visit_no having count(*) = 1) order by row_no limit %s",
        COMPLETED_VISITS,
    )
    for row in open_visits:
        crm.execute(
            "update work_visit set result = '完成', travel_min = 25, work_min = 50, phone_min = 4, admin_min = 6, "
            "labor_fee = 0, parts_fee = 0, arrive_time = %s, finish_time = %s, modified_at = %s where row_no = %s",
            (day + _MORNING, day + _MORNING + timedelta(minutes=50), day + _NOON, row["row_no"]),
        )
    return Change(changed=len(open_visits))


def _withdrawn_complaint(crm: psycopg.Connection[Any], day: datetime) -> Change:
    """A complaint that its customer took back: flagged, not deleted."""
    crm.execute(
        "update complaint set is_deleted = true, modified_at = %s where row_no = (select min(row_no) from complaint)",
        (day.replace(tzinfo=ZONE) + _NOON,),
    )
    return Change(removed=1)


def _deleted_part_lines(crm: psycopg.Connection[Any]) -> Change:
    """Lines for parts that nobody used, deleted for good: no time of change tells of it."""
    once = "select pl_no from part_line group by pl_no having count(*) = 1"
    unused = _rows(
        crm,
        f"select row_no from part_line where use_time is null and pl_no in ({once}) order by row_no limit %s",
        DELETED_PART_LINES,
    )
    for row in unused:
        crm.execute("delete from part_line where row_no = %s", (row["row_no"],))
    return Change(removed=len(unused))


def _calls(systems: Systems, day: datetime) -> Change:
    """Calls that came in, one whose wrap-up time was filled in, and enquiries deleted for good."""
    with systems.calls.connect() as connection, connection.cursor() as cursor:
        for number in range(NEW_CALLS):
            at = day + _MORNING + timedelta(minutes=13 * number)
            leg = (f"CC{day:%Y%m%d}{number + 1:05d}", 1, "IN", "咨询", "一般咨询", None, None, "放弃", at, None,
                   at + timedelta(seconds=40), 12, 28, None, None, None, None, at + timedelta(seconds=40))  # fmt: skip
            cursor.execute(INSERT, leg)
        cursor.execute(
            "update call_leg set WrapSec = 33, ModTime = %s "
            "where Result = '接通' and WrapSec is null and CallUID is not null order by id limit 1",
            (day + _MORNING,),
        )
        measured = cursor.rowcount
        cursor.execute(
            "delete from call_leg where CallType = '一般咨询' and LegNo = 1 and OrderNo is null and CallUID in "
            "(select CallUID from (select CallUID from call_leg group by CallUID having count(*) = 1) as single) "
            "order by id limit %s",
            (DELETED_CALLS,),
        )
        return Change(added=NEW_CALLS, changed=measured, removed=cursor.rowcount)


def _surveys(systems: Systems, day: datetime) -> dict[str, Change]:
    """Invitations to the customers of the tickets resolved that day, their answers, and a review."""
    at = (day + timedelta(hours=18)).replace(tzinfo=ZONE)
    received = {"updatedAt": at.isoformat()}
    with systems.crm.connect() as crm:
        tickets = _rows(
            crm, "select order_no, cust_no, model_no, site_code from service_order where solved_at >= %s", day
        )
        # In a tiny company nothing may be resolved on that day.
        (reviewed,) = _rows(crm, "select model_no, site_code from service_order order by order_no limit 1")
    invitations: list[_Row] = []
    answers: list[_Row] = []
    for number, ticket in enumerate(tickets):
        whom = {"iid": f"IV9{number:07d}", "customerNo": ticket["cust_no"], "orderNo": ticket["order_no"]}
        invitations.append({**whom, "via": "短信", "sentAt": at.isoformat(), **received})
        answers.append(
            {"aid": f"AN9{number:08d}", **whom, "type": "服务后", "metric": "满意度", "score": 4,
             "scale": {"min": 1, "max": 5}, "answeredAt": at.isoformat(), **received}
        )  # fmt: skip
    review = {"id": "RV999001", "platform": "京东", "model": reviewed["model_no"], "shop": reviewed["site_code"],
              "stars": 5, "starsOf": 5, "content": "师傅很专业，一次修好", "lang": "zh",
              "publishedAt": at.isoformat(), **received}  # fmt: skip
    systems.surveys.add("invitations", invitations)
    systems.surveys.add("answers", answers)
    systems.surveys.add("reviews", [review])
    return {
        "survey_invitations": Change(added=len(invitations)),
        "survey_answers": Change(added=len(answers)),
        "reviews": Change(added=1),
    }


def _rows(crm: psycopg.Connection[Any], statement: str, *parameters: object) -> list[_Row]:
    with crm.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement.encode(), parameters or None).fetchall()


def _insert(crm: psycopg.Connection[Any], table: str, row: _Row) -> None:
    """Insert `row` under the next row number of its table."""
    (last,) = _rows(crm, f"select max(row_no) as row_no from {table}")
    values = {**row, "row_no": last["row_no"] + 1}
    columns = sql.SQL(", ").join(map(sql.Identifier, values))
    marks = sql.SQL(", ").join(map(sql.Placeholder, values))
    crm.execute(sql.SQL("insert into {} ({}) values ({})").format(sql.Identifier(table), columns, marks), values)
