"""Words: files that are taken away from the report."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "export.csv": ("Download (CSV)", "下载（CSV）"),
    "export.xlsx": ("Download (Excel)", "下载（Excel）"),
    "export.png": ("Picture (PNG)", "图片（PNG）"),
    "export.svg": ("Picture (SVG)", "图片（SVG）"),
    "export.table": ("Table", "表格"),
    "export.about": ("About", "说明"),
    "export.company": ("Company", "公司"),
    "export.scope": ("Period and scope", "时段与范围"),
    "export.as_of": ("As of", "数据截止"),
    "export.language": ("Language", "语言"),
    "export.language_name": ("English", "简体中文"),
    "export.source": ("Source tables", "来源表"),
    "export.version": ("Published version", "发布版本"),
    "export.rows": ("Rows", "行数"),
}
