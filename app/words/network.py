"""Words: the network of sites."""

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
    "site_kind.repair_shop": ("Repair shop", "服务站"),
    "site_kind.depot": ("Depot", "备件站"),
    "site_kind.hotline": ("Hotline", "热线"),
    "site_kind.partner": ("Partner", "授权服务商"),
}
