"""Words: who may see what."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "door.signed_out_title": ("Sign in", "登录"),
    "door.signed_out": (
        "This report is open to people of the organisation who were given a role in it.",
        "本报告仅对已获授权的本组织人员开放。",
    ),
    "door.expired_title": ("Your login has ended", "登录已过期"),
    "door.expired": (
        "A login counts for some hours only. Sign in again to go on.",
        "登录仅在数小时内有效。请重新登录后继续。",
    ),
    "door.unknown_title": ("No access", "没有访问权限"),
    "door.unknown": (
        "This account has no role in the report. If you need it for your work, ask whoever runs the report for access, "
        "or sign out and use another account.",
        "该账号在本报告中没有角色。如工作需要，请联系报告管理员开通权限，或退出后换用其他账号。",
    ),
    "door.misconfigured_title": ("The report is closed", "报告暂时关闭"),
    "door.misconfigured": (
        "Its list of who may see what has a mistake, so nobody is let in. Whoever runs the report finds the line of "
        "the mistake in the server's log.",
        "权限清单有误，因此暂不允许任何人进入。报告管理员可在服务器日志中找到出错的行。",
    ),
    "door.no_rows_title": ("Nothing for your sites", "您的网点没有数据"),
    "door.no_rows": (
        "Your access is to {sites}, and this version has no rows of these sites.",
        "您的权限为 {sites}，当前版本没有这些网点的数据。",
    ),
    "door.sign_in": ("Sign in", "登录"),
    "door.sign_out": ("Sign out", "退出登录"),
    "door.open": ("No login: open to everybody on this machine.", "未设登录：本机上的任何人均可查看。"),
    "role.analyst": ("Analyst: everything", "分析师：全部内容"),
    "role.executive": ("Executive: the company, no single persons", "管理层：全公司，不含个人"),
    "role.site_manager": ("Site manager: {sites}", "网点经理：{sites}"),
    "door.no_people": (
        "Scorecards of single persons are for those who lead them and for analysts; your role sees the company, its "
        "sites and teams.",
        "个人评分卡仅供其直接管理者和分析师查看；您的角色可查看公司、网点和团队。",
    ),
    "door.ranks_of_company": (
        "Ranks, and what the cases let expect, compare with everybody of the role in the company.",
        "名次和案例预期与全公司同岗位人员比较。",
    ),
    "door.no_site_drivers": (
        "Drivers compare all sites of the company; they are not part of access to single sites.",
        "驱动因素在全公司各网点之间比较，不在单个网点的权限之内。",
    ),
    "door.no_site_causes": (
        "What lies behind the causes is compared with all requests of the company; it is not part of access to single "
        "sites.",
        "原因背后的事实与全公司请求比较，不在单个网点的权限之内。",
    ),
    "door.no_site_cohorts": (
        "Cohorts follow customers across all sites; they are not part of access to single sites.",
        "队列跨网点跟踪客户，不在单个网点的权限之内。",
    ),
    "door.no_site_calls": (
        "When calls come and how many people were there is the company's: calls belong to no site.",
        "来电时段与人员配置按全公司统计：来电不属于单个网点。",
    ),
    "door.no_site_regions": (
        "Coverage by region is the company's and is not shown to those who see single sites.",
        "按区域的覆盖率属于全公司，不向只能看单个网点的用户显示。",
    ),
    "door.no_site_plans": (
        "Where sites could stand is the whole company's question; it is not part of access to single sites.",
        "网点选址属于全公司，不在单个网点的权限之内。",
    ),
    "door.no_site_week": (
        "When requests come in is known of the whole company only.",
        "请求到达时段仅按全公司统计。",
    ),
    "door.no_site_change": (
        "What changed the cost of the whole company is not shown to those who see single sites.",
        "全公司成本变动分解不向只能看单个网点的用户显示。",
    ),
    "door.no_site_kinds": (
        "By priority and by channel there are only values of the whole company; they are not part of access to single "
        "sites.",
        "按紧急程度和渠道只有全公司的数值，不在单个网点的权限之内。",
    ),
    "door.no_site_health": (
        "Checks, feeds and rejected rows are counted over the whole company; they are not part of access to single "
        "sites.",
        "检查、数据源和被拒行按全公司统计，不在单个网点的权限之内。",
    ),
    "door.no_pages": (
        "The pages quote single rows; they are for analysts.",
        "页面引用单行数据，仅供分析师查看。",
    ),
}
