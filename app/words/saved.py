"""Words: saved views."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "saved.title": ("Saved views", "已保存视图"),
    "saved.none": (
        "None yet. Choose page and filters, then save them below.",
        "暂无。选好页面和筛选条件后在下方保存。",
    ),
    "saved.manage": ("Save, rename, remove", "保存、重命名、删除"),
    "saved.everybody": (
        "There is no login: everybody who opens this report on this machine sees and changes these views.",
        "未设登录：在本机打开报告的所有人都可看到和修改这些视图。",
    ),
    "saved.name": ("Name of this page with its filters", "当前页面及筛选条件的名称"),
    "saved.name_help": (
        "Kept as written: name no person. A view of the same name is replaced. A view is a link: it shows the numbers "
        "of the version that is served when it is opened.",
        "名称按原样保存，请勿写入个人姓名。同名视图会被替换。视图只是链接：打开时显示当时发布版本的数字。",
    ),
    "saved.keep": ("Save this view", "保存当前视图"),
    "saved.which": ("Saved view", "已保存的视图"),
    "saved.new_name": ("New name", "新名称"),
    "saved.rename": ("Rename", "重命名"),
    "saved.remove": ("Remove", "删除"),
    "saved.no_name": ("Write a name first.", "请先填写名称。"),
    "saved.long_name": ("The name is too long.", "名称过长。"),
    "saved.too_long": (
        "These choices are too long to be kept, such as a long statement of SQL.",
        "当前选项过长，无法保存，例如很长的 SQL 语句。",
    ),
    "saved.too_many": ("There are 50 views already: remove one first.", "已有 50 个视图：请先删除一个。"),
    "saved.taken": ("Another view has that name.", "该名称已被其他视图使用。"),
    "saved.not_writable": (
        "Views cannot be saved here. Whoever runs the report finds the reason in its log.",
        "此处无法保存视图。原因见报告服务日志，请联系管理员。",
    ),
    "saved.not_readable": (
        "Saved views cannot be read now. Whoever runs the report finds the reason in its log.",
        "目前无法读取已保存的视图。原因见报告服务日志，请联系管理员。",
    ),
}
