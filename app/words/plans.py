"""Words: what stock and network could be."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "plans.radii": (
        "{month}: {near} of the requests lie within 25 km of an open site, {middle} within 50 km, {far} within 100 km.",
        "{month}：{near} 的请求在营业网点 25 公里内，{middle} 在 50 公里内，{far} 在 100 公里内。",
    ),
    "plans.lost": ("What missing parts cost", "缺件的代价"),
    "plans.lost_grain": (
        "Corrective visits of {period} that ended for want of a part, by site and by part, with 95 % intervals; red: "
        "more than chance, with all that are compared taken into account. An association: it does not say why.",
        "{period}因缺件未修复的维修上门，按网点与备件，含 95% 区间；红色：经多重比较校正仍高于偶然。"
        "仅为相关，不说明原因。",
    ),
    "plans.lost_whole": (
        "{lost} of {visits} corrective visits ended for want of a part; {again} more visits followed, {wait} later on "
        "average, at {amount} of labour and operations.",
        "{visits} 次维修上门中有 {lost} 次因缺件未修复；随后再上门 {again} 次，平均间隔 {wait}，"
        "人力与运营成本 {amount}。",
    ),
    "lost_by.more_often": ("{name} ({lost}, {expected} expected)", "{name}（{lost} 次，期望 {expected}）"),
    "lost_by.longer_wait": (
        "{name} ({long} of {lost} wait among the longest quarter of all)",
        "{name}（{lost} 次中 {long} 次属全公司等待最久的四分之一）",
    ),
    "lost_by.both": (
        "{name} ({lost}, {expected} expected; {long} wait among the longest quarter of all)",
        "{name}（{lost} 次，期望 {expected}；{long} 次属全公司等待最久的四分之一）",
    ),
    "plans.lost_out": ("More than chance: {names}.", "高于偶然：{names}。"),
    "plans.lost_none": (
        "No site differs from the others by more than chance.",
        "没有网点与其他网点的差异超出偶然。",
    ),
    "plans.lost_sites": ("Share of visits lost, by site", "各网点缺件率"),
    "plans.lost_parts": ("Share of visits lost, by part", "各备件缺件率"),
    "stands_out.more_often": ("more often", "更频繁"),
    "stands_out.longer_wait": ("longer waits", "等待更久"),
    "stands_out.both": ("more often, longer waits", "更频繁且等待更久"),
    "plans.stock": ("How much stock does it take?", "需要多少库存？"),
    "plans.stock_grain": (
        "Model: what fill rate the money in stock can buy at best, from a year of demand and the lead time of what had "
        "to be ordered. Orange: where the shelves stand today.",
        "模型：基于一年需求与订货提前期，库存资金最多能换来的满足率。橙点：目前的货架。",
    ),
    "plans.stock_today": (
        "The shelves hold {amount} on average and had a piece for {fill} of what was asked for; {idle} more lies in "
        "parts that nobody asked for.",
        "货架平均库存 {amount}，{fill} 的需求有货；另有 {idle} 是无人申请的备件。",
    ),
    "plans.stock_same_fill": (
        "By the model {amount} would fill as much.",
        "按模型，{amount} 即可达到同样的满足率。",
    ),
    "plans.stock_same_amount": ("The same money could fill {fill}.", "同样的资金可满足 {fill}。"),
    "plans.nearly_all": ("more than 99.9 %", "99.9% 以上"),
    "plans.stock_target": ("The target takes {amount}.", "达到目标需 {amount}。"),
    "plans.stock_uncounted": (
        "Nobody counts the stock here: the curve says what a fill rate would take, not where the shelves stand.",
        "此处没有库存盘点：曲线只说明满足率所需资金，无法标出现状。",
    ),
    "plans.stock_short": (
        "The curve needs 13 weeks of part lines and ten lines that had to be ordered.",
        "曲线需要 13 周的备件行，以及至少十行需订货的备件。",
    ),
    "plans.stock_keep": (
        "Nothing lies outside what demand lets expect: no level needs to change.",
        "库存均在需求可预期的范围内：无需调整。",
    ),
    "plans.stock_advice": (
        "To raise: {raised}; to lower: {lowered}. Only what lies outside the 95 % interval of its demand is listed.",
        "建议增加 {raised} 项，减少 {lowered} 项；仅列出超出需求 95% 区间的项目。",
    ),
    "plans.level": ("{level} ({low} … {high})", "{level}（{low} … {high}）"),
    "stock_point.today": ("Today", "现状"),
    "stock_point.same_fill": ("As much filled as today", "与现状同等满足率"),
    "stock_point.same_amount": ("For the money of today", "与现状同等金额"),
    "stock_point.target": ("Target", "目标"),
    "stock_point.level": ("At best", "最优"),
    "advice.raise": ("Raise", "增加"),
    "advice.lower": ("Lower", "减少"),
    "plans.network": ("Another site, one less, one elsewhere?", "增设、关闭还是迁移网点？"),
    "plans.network_grain": (
        "A scenario, not a metric: the demand of the last 365 days, each visit made from the open site nearest to its "
        "city; great-circle kilometres, one way.",
        "情景测算，非指标：近 365 天的需求，每次上门由离该城市最近的营业网点出发；大圆距离，单程。",
    ),
    "plans.plan": ("Scenario", "情景"),
    "plan.best": ("Best place", "最佳选址"),
    "plan.add": ("Add", "增设"),
    "plan.close": ("Close", "关闭"),
    "plan.move": ("Move", "迁移"),
    "plans.aim": ("What counts", "目标"),
    "aim.reach": ("Requests in reach", "覆盖请求"),
    "aim.travel": ("Least travel", "里程最少"),
    "plans.more": ("How many more", "新增数量"),
    "plans.closing": ("Site to close", "关闭的网点"),
    "plans.place": ("City of the new site", "新网点所在城市"),
    "plans.done_add": ("A site in {new}", "在 {new} 设点"),
    "plans.done_close": ("Without {closed}", "关闭 {closed}"),
    "plans.done_move": ("{closed} moved to {new}", "{closed} 迁至 {new}"),
    "plans.result": (
        "{done}: {covered} requests a year within 50 km ({before} → {after}), {km} km of travel ({share}).",
        "{done}：每年 50 公里内的请求 {covered}（{before} → {after}），上门里程 {km} 公里（{share}）。",
    ),
    "plans.result_cost": (
        "At what a kilometre costs today: {amount} of transport; rent and people of a site are not in it.",
        "按目前每公里成本：交通费 {amount}；不含网点租金与人员。",
    ),
    "plans.promise_known": (
        "Promises: as often kept as visits from that distance are today.",
        "履约：按目前同等距离上门的履约率推算。",
    ),
    "plans.promise_unknown": (
        "Promises of arrival: distance has nothing to do with them that is more than chance, so no change is claimed.",
        "上门履约：与距离的关系未超出偶然，故不推断变化。",
    ),
    "plans.map_today": ("Today", "现状"),
    "plans.map_then": ("In the scenario", "情景"),
    "map_kind.demand": ("Requests", "请求"),
    "map_kind.site": ("Site", "网点"),
    "map_kind.new": ("New site", "新网点"),
    "map_kind.closed": ("Closed", "关闭"),
    "plans.row_covered": ("Requests within 50 km", "50 公里内的请求"),
    "plans.row_km": ("Travel, km a year", "上门里程（公里/年）"),
    "plans.row_mean_km": ("Mean way, km", "平均路程（公里）"),
    "plans.row_cost": ("Transport a year", "交通费（每年）"),
    "plans.row_kept": ("Visits in time", "准时上门"),
    "plans.one_more": ("One more site in", "再设一个网点于"),
    "column.lost_expected": ("Expected", "期望"),
    "column.stands_out": ("Against the others", "与其他相比"),
    "column.visits_again": ("Visits that followed", "再次上门"),
    "column.wait_mean": ("Mean wait", "平均等待"),
    "column.repeat_amount": ("Cost of these", "再次上门成本"),
    "column.stock_amount": ("Value in stock ({currency})", "库存金额（{currency}）"),
    "column.advice": ("Advice", "建议"),
    "column.part_demand": ("Asked for, a year", "年需求"),
    "column.lead_days": ("Lead time, days", "提前期（天）"),
    "column.on_hand_mean": ("On hand, mean", "平均在库"),
    "column.base_stock": ("Base-stock level", "基准库存"),
    "column.stock_change": ("Money", "金额变化"),
    "column.compared": ("What", "项目"),
    "column.today": ("Today", "现状"),
    "column.scenario": ("Scenario", "情景"),
    "column.covered_then": ("Within 50 km then", "届时 50 公里覆盖"),
    "column.km_change": ("Travel, km", "里程变化（公里）"),
    "column.cost_change": ("Transport", "交通费变化"),
}
