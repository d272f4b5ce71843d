"""Words: parts."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "parts.trend": ("Are parts there when needed?", "需要时有备件吗？"),
    "parts.trend_grain": (
        "Part lines filled at once, lines delivered on time, and counts with enough stock, by month; dashed: targets.",
        "按月：即时满足的备件行、准时到货的备件行、库存充足的盘点；虚线为目标。",
    ),
    "parts.lost": ("Visits lost to parts", "缺件导致的无效上门"),
    "parts.lost_grain": (
        "Corrective visits of {month} that ended for want of a part, by site, of all corrective visits.",
        "{month}因缺件未修复的维修上门（按网点），占全部维修上门。",
    ),
    "parts.lost_of": ("{lost} of {visits}; {again} again", "{lost} / {visits}；再次 {again}"),
    "parts.none_lost": ("No visit was lost to a missing part.", "没有因缺件的无效上门。"),
    "parts.each": ("Part by part", "逐个备件"),
    "parts.each_grain": (
        "{month}, worst filled first: share of lines filled on the day or from stock, with its 95 % interval; hollow: "
        "fewer than 5 lines.",
        "{month}，满足率最低在前：当日或库存满足的行占比及其 95% 区间；空心：不足 5 行。",
    ),
    "parts.levers": ("What changed the spend on parts", "备件支出变动原因"),
    "parts.levers_grain": (
        "The 20 parts of which spend changed most, {month} against the month before: what quantity, price and recovery "
        "from suppliers make of it.",
        "{month}与上月相比支出变动最大的 20 种备件：用量、单价与供应商追偿的影响。",
    ),
}
