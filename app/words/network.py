"""Words: parts and network."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "network.map": ("Where the sites are", "网点分布"),
    "network.map_grain": (
        "One point per site, {period}, north up: the larger, the more requests; the warmer, the busier than the "
        "mean of the company. Hotlines are not drawn.",
        "每个网点一个点（{period}，上北）：点越大请求越多，颜色越暖越忙于公司平均。热线不绘制。",
    ),
    "network.sites": ("What each site carries", "各网点负荷与成本"),
    "network.sites_grain": (
        "One row per site, {period}: demand, visits, mean travel, load and cost per request; a ratio of 1 is the mean "
        "of the company.",
        "每个网点一行，{period}：需求、上门、平均路程、负荷与单均成本；比值 1 为公司平均。",
    ),
    "network.coverage": ("Whom do we reach?", "覆盖到了吗？"),
    "network.coverage_grain": (
        "Requests of customers within 50 km of an open site, by month; the band is the 95 % interval.",
        "按月：客户在营业网点 50 公里内的请求占比；色带为 95% 区间。",
    ),
    "network.regions": ("By region of the customer", "按客户所在区域"),
    "network.regions_grain": (
        "Share of requests within 50 km of a site, {month}, worst first, with its 95 % interval.",
        "{month}网点 50 公里内的请求占比，最低在前，含 95% 区间。",
    ),
    "network.out_of_reach": ("What lies out of reach", "服务半径之外的需求"),
    "network.out_of_reach_grain": (
        "One row per city with requests of the last 365 days farther than 50 km from every open site: what a site "
        "there would bring within reach, most first.",
        "每行为一个近 365 天有请求距所有营业网点超过 50 公里的城市：在该处设点可新增覆盖的请求，多者在前。",
    ),
    "network.all_in_reach": ("No known request lies out of reach.", "没有已知位置的请求在服务半径之外。"),
    "network.parts_trend": ("Are parts there when needed?", "需要时有备件吗？"),
    "network.parts_trend_grain": (
        "Part lines filled at once, lines delivered on time, and counts with enough stock, by month; dashed: targets.",
        "按月：即时满足的备件行、准时到货的备件行、库存充足的盘点；虚线为目标。",
    ),
    "network.lost": ("Visits lost to parts", "缺件导致的无效上门"),
    "network.lost_grain": (
        "Corrective visits of {month} that ended for want of a part, by site, of all corrective visits.",
        "{month}因缺件未修复的维修上门（按网点），占全部维修上门。",
    ),
    "network.lost_of": ("{lost} of {visits}; {again} again", "{lost} / {visits}；再次 {again}"),
    "network.none_lost": ("No visit was lost to a missing part.", "没有因缺件的无效上门。"),
    "network.parts": ("Part by part", "逐个备件"),
    "network.parts_grain": (
        "{month}, worst filled first: share of lines filled on the day or from stock, with its 95 % interval; hollow: "
        "fewer than 5 lines.",
        "{month}，满足率最低在前：当日或库存满足的行占比及其 95% 区间；空心：不足 5 行。",
    ),
    "network.levers": ("What changed the spend on parts", "备件支出变动原因"),
    "network.levers_grain": (
        "The 20 parts of which spend changed most, {month} against the month before: what quantity, price and recovery "
        "from suppliers make of it.",
        "{month}与上月相比支出变动最大的 20 种备件：用量、单价与供应商追偿的影响。",
    ),
    "site_kind.repair_shop": ("Repair shop", "服务站"),
    "site_kind.depot": ("Depot", "备件站"),
    "site_kind.hotline": ("Hotline", "热线"),
    "site_kind.partner": ("Partner", "授权服务商"),
}
