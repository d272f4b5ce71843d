"""Words: the SQL desk."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "page.desk": ("SQL", "SQL 查询"),
    "desk.intro": (
        "One statement that reads the published version, in DuckDB's SQL. At most {rows} rows and {seconds} seconds; "
        "nothing can be changed here, and nothing outside of the version can be reached. The filters do not apply.",
        "用 DuckDB SQL 读取已发布版本的一条语句。最多 {rows} 行、{seconds} 秒；"
        "此处不能修改任何内容，也无法访问版本之外的数据。左侧筛选在此不适用。",
    ),
    "desk.for_analysts": (
        "Statements of one's own reach every row of the version; they are for analysts.",
        "自定义语句可读取该版本的所有行，仅供分析师使用。",
    ),
    "desk.examples": ("Begin with an example", "从示例开始"),
    "desk.no_example": ("None", "不使用示例"),
    "desk.statement": ("Statement", "语句"),
    "desk.hint": ("select … from marts.kpi_values", "select … from marts.kpi_values"),
    "desk.run": ("Run", "运行"),
    "desk.share": (
        "The address of this page holds the statement: send it to share the question. It runs when Run is pressed.",
        "本页地址包含该语句：发送地址即可分享。对方按下“运行”后才会执行。",
    ),
    "desk.found": ("{count} rows in {seconds}", "{count} 行，用时 {seconds}"),
    "desk.cut": (
        "The first {count} rows; there are more. Narrow the statement, or run it in a tool of your own.",
        "仅显示前 {count} 行，还有更多。请缩小查询范围，或在自己的工具中运行。",
    ),
    "desk.no_rows": ("The statement found no rows.", "该语句没有找到任何行。"),
    "desk.refused_empty": ("There is no statement yet.", "尚未输入语句。"),
    "desk.refused_several": (
        "One statement at a time, please. (PIVOT is one when it names its values: on … in (…).)",
        "一次只能运行一条语句。（PIVOT 需写明取值：on … in (…)。）",
    ),
    "desk.refused_not_reading": (
        "Only statements that read: select, from, with, describe, summarize, show, explain.",
        "仅允许读取语句：select、from、with、describe、summarize、show、explain。",
    ),
    "desk.refused_too_long": (
        "Ended after {seconds} seconds. Ask for fewer months or columns, or use a tool of your own.",
        "已在 {seconds} 秒后终止。请减少月份或字段，或在自己的工具中运行。",
    ),
    "desk.refused_busy": (
        "Two statements of others are running. Try again in a moment.",
        "另有两条语句正在运行，请稍后再试。",
    ),
    "desk.refused_died": (
        "The statement's process ended without an answer, most likely for want of memory. Ask for less at once.",
        "该语句的进程未返回结果便已结束，很可能是内存不足。请减少一次查询的数据量。",
    ),
    "desk.refused_error": ("DuckDB could not run it:", "DuckDB 无法执行："),
    "desk.schema": ("What there is", "可用的表"),
    "desk.schema_grain": (
        "Tables of this version with their columns, as their models describe them.",
        "该版本的表及其字段，说明来自模型定义。",
    ),
    "desk.table": ("Table", "表"),
    "desk.elsewhere": ("The same in tools of your own", "在自己的工具中查询"),
    "desk.elsewhere_how": (
        "Any client reads the published file while builds go on: open it read-only. docs/analysts.md shows "
        "DuckDB's own command line, Python, DBeaver and Excel.",
        "构建期间任何客户端都可读取已发布文件，请以只读方式打开。"
        "docs/analysts.md 介绍了 DuckDB 命令行、Python、DBeaver 和 Excel。",
    ),
    "desk.example_sites": ("Sites, worst first", "网点排名（最差在前）"),
    "desk.example_kpi_by_hand": (
        "A KPI from single rows, beside its published value",
        "由明细行计算指标并与发布值对照",
    ),
    "desk.example_late": ("Promises missed by most", "超时最多的承诺"),
    "desk.example_repeats": ("What a repeat costs", "重复维修的成本"),
    "desk.example_slow_and_lost": ("Do customers buy again after slow repairs?", "维修慢之后客户还会再购买吗？"),
    "desk.example_load": ("Calls by weekday and hour", "按星期和小时的来电量"),
    "desk.example_parts": ("Parts that kept visits waiting", "造成等待的备件"),
    "desk.example_comments": ("What dissatisfied customers wrote", "不满意客户的评论"),
    "desk.example_restated": ("Numbers that were restated, and why", "被重述的数字及原因"),
}
