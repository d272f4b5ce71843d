"""Words: data health."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "health.summary": ("This version", "当前版本"),
    "health.as_of": ("As of", "数据截止"),
    "health.published": ("Published", "发布时间"),
    "health.duration": ("Build time", "构建耗时"),
    "health.gates": ("Checks passed", "检查通过"),
    "health.gates_value": ("{passed} of {total}", "{passed} / {total}"),
    "health.feeds_connected": ("Feeds connected", "已接入数据源"),
    "health.rejected": ("Rejected rows", "被拒行数"),
    "health.tab_checks": ("Checks", "检查"),
    "health.tab_feeds": ("Feeds", "数据源"),
    "health.tab_notices": ("Changes at the sources", "来源变化"),
    "health.tab_rejects": ("Rejected rows", "被拒行"),
    "health.tab_steps": ("How this build went", "构建过程"),
    "health.tab_versions": ("Versions", "版本"),
    "health.tab_tables": ("Tables", "数据表"),
    "health.checks_grain": (
        "One row per expectation of the two gates in this build: failures first, then warnings, then what passed. Last "
        "builds, oldest first: ✓ passed, ! warning, ✕ failed, · not evaluated.",
        "本次构建两道闸门的每项检查一行：先失败，再警告，后通过。近期构建由旧到新：✓ 通过，! 警告，✕ 失败，· 未执行。",
    ),
    "health.history": ("One check over the builds", "单项检查的历次构建"),
    "health.history_grain": (
        "One row per build that looked, latest first; a build without a publication time was not published.",
        "每次执行过该检查的构建一行，最新在前；没有发布时间的构建未发布。",
    ),
    "health.history_pick": ("Check", "检查项"),
    "health.pages": ("Pages of this build (Data Docs)", "本次构建的检查页面（Data Docs）"),
    "health.pages_grain": (
        "Every check of a table, with rows that contradict it; personal data is masked. The file opens offline.",
        "逐表列出每项检查及不符合的示例行，个人数据已遮盖。下载的文件可离线打开。",
    ),
    "health.pages_pick": ("Table", "表"),
    "health.pages_download": ("Download all pages (zip)", "下载全部页面（zip）"),
    "health.no_pages": (
        "There are no pages of this build beside the published file. Whoever runs the warehouse writes them with "
        "`{command}`.",
        "已发布文件旁没有本次构建的页面。数据仓库管理员可运行 `{command}` 生成。",
    ),
    "health.checks_good": ("Every check of this build passed.", "本次构建的所有检查均通过。"),
    "health.checks_warn": (
        "Checks with a warning: {count}. A failed blocking check would have stopped the publication.",
        "有警告的检查：{count} 项。若阻断性检查失败，则不会发布。",
    ),
    "health.feeds_grain": (
        "One row per feed of the contract. Delivered = in use + superseded + filtered + rejected.",
        "数据契约中每个数据源一行。交付 = 使用 + 被替代 + 被过滤 + 被拒。",
    ),
    "health.notices_grain": (
        "What the extraction noticed at the sources, latest first: columns that came, went or changed, texts in "
        "another encoding, data that is late. Nothing here stopped the build.",
        "抽取时在来源处发现的情况，最新在前：字段新增、缺失或变化，编码不同，数据迟到。这些均未阻断构建。",
    ),
    "health.no_notices": (
        "The sources deliver what they always delivered.",
        "各来源的交付与以往一致。",
    ),
    "health.new_notices": ("New with this build: {count}.", "本次构建新发现：{count} 项。"),
    "health.rejects_grain": (
        "Rows that were delivered and could not be used, by feed, column and reason; nothing is dropped in silence.",
        "已交付但无法使用的行，按数据源、字段和原因；不会静默丢弃。",
    ),
    "health.no_rejects": ("No row was rejected.", "没有被拒的行。"),
    "health.steps_grain": (
        "One row per step, in order. Memory is the most held until the step's end. How long the publication took is in "
        "the build's log.",
        "每行一个步骤，按先后排列。内存为截至该步骤结束的峰值。发布步骤本身记录在构建日志中。",
    ),
    "health.slowest_models": ("Slowest models", "最慢的模型"),
    "step.prepare": ("Prepare", "准备"),
    "step.extract": ("Read: {feed}", "读取：{feed}"),
    "step.inputs": ("Inputs of the models", "模型输入"),
    "step.models": ("All models and their tests", "全部模型及其测试"),
    "step.lineage": ("Lineage", "血缘"),
    "health.versions_grain": (
        "One row per published build, latest first; the first is the one shown.",
        "每次发布一行，最新在前；首行为当前显示版本。",
    ),
    "health.tables_grain": ("Rows per published table.", "各已发布表的行数。"),
    "check.failed": ("Failed", "失败"),
    "check.withheld": ("KPIs withheld", "相关指标暂不发布"),
    "check.warned": ("Warning", "警告"),
    "check.passed": ("Passed", "通过"),
    "gate.gate_1": ("Gate 1: as delivered", "闸门 1：交付数据"),
    "gate.gate_2": ("Gate 2: marts", "闸门 2：数据集市"),
}
