"""Words: the frame of the report and its pages."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    # Frame
    "app.title": ("After-sales service report", "售后服务报告"),
    "app.as_of": ("Data as of {moment} ({zone})", "数据截至 {moment}（{zone}）"),
    "app.stale": (
        "The last build was published {age} ago. The numbers hold for their as-of time, but newer data is missing.",
        "最近一次发布在 {age} 前。数字在其截止时间是准确的，但缺少之后的数据。",
    ),
    "app.incomplete": (
        "{period} has not ended at the as-of time: its numbers will still change.",
        "{period} 在数据截止时尚未结束，数字仍会变化。",
    ),
    "app.scope_all": ("whole company", "全公司"),
    "app.no_file_title": ("Nothing has been published yet", "尚未发布任何数据"),
    "app.no_file": (
        "This report reads a published warehouse file, and there is none at `{path}`.",
        "本报告读取已发布的数据仓库文件，但 `{path}` 处没有文件。",
    ),
    "app.no_file_do": (
        "Build and publish one from the project's folder; this page opens the report by itself when it is there:",
        "请在项目目录中构建并发布；文件就绪后本页会自动打开报告：",
    ),
    "app.no_file_other": (
        "To show another file, set AFTERSALES_WAREHOUSE to its path before the report is started.",
        "要显示其他文件，请在启动报告前把 AFTERSALES_WAREHOUSE 设为其路径。",
    ),
    "app.broken_title": ("The published file cannot be opened", "无法打开已发布的文件"),
    "app.broken": (
        "`{name}` is there, but it is not a readable published warehouse. Publish again, or roll back to an earlier "
        "version with `aftersales rollback`.",
        "`{name}` 存在，但不是可读的已发布数据仓库。请重新发布，或用 `aftersales rollback` 回退到较早版本。",
    ),
    "app.outdated_title": ("Publish again", "请重新发布"),
    "app.outdated": (
        "`{name}` was published by another release than this report: it lacks a table or column that the report reads. "
        "Build and publish again with this release (`aftersales build`); the server's log names what is missing.",
        "`{name}` 由与本报告不同的版本发布，缺少本报告读取的表或字段。请用当前版本重新构建并发布"
        "（`aftersales build`）；缺少的内容见服务器日志。",
    ),
    "app.empty_title": ("The published file holds no indicators", "已发布的文件中没有指标"),
    # Pages and their groups
    "pages.company": ("Company", "公司"),
    "pages.service": ("Service", "服务过程"),
    "pages.customers": ("Customers", "客户"),
    "pages.means": ("Cost and people", "成本与团队"),
    "pages.data": ("Numbers and data", "指标与数据"),
    "page.overview": ("Overview", "总览"),
    "page.response": ("Response and SLA", "响应与 SLA"),
    "page.resolution": ("Resolution and repeats", "解决与重复"),
    "page.calls": ("Call centre", "呼叫中心"),
    "page.parts": ("Parts", "备件"),
    "page.network": ("Network", "服务网点"),
    "page.satisfaction": ("Satisfaction", "客户满意度"),
    "page.complaints": ("Complaints and feedback", "投诉与反馈"),
    "page.staffing": ("Staffing", "人员配置"),
    "page.actions": ("Improvement", "改进闭环"),
    "page.feedback": ("Feedback", "客户声音"),
    "page.retention": ("Retention", "客户保留"),
    "page.drivers": ("Drivers", "驱动因素"),
    "page.cost": ("Cost", "服务成本"),
    "page.technicians": ("Technicians", "服务团队"),
    "page.health": ("Data health", "数据健康"),
}
