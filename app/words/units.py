"""Words: units, money and lists."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "unit.s": ("s", "秒"),
    "unit.min": ("min", "分"),
    "unit.h": ("h", "小时"),
    "unit.per_100": ("per 100", "每百件"),
    "unit.d": ("d", "天"),
    "unit.percentage_points": ("pp", "个百分点"),
    "unit.points": ("points", "点"),
    "money.thousand": ("K", "千"),
    "money.ten_thousand": ("× 10 K", "万"),
    "money.million": ("M", "百万"),
    "money.hundred_million": ("× 100 M", "亿"),
    "money.billion": ("B", "十亿"),
    "list.separator": (", ", "、"),
    "list.semicolon": ("; ", "；"),
    "list.or": (" or ", "或"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
}
