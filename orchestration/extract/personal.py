"""Personal data in what a source delivers: recognised by name or by look, so that no preview and no draft shows it."""

from __future__ import annotations

import re
from collections.abc import Iterable

MASK = "***"

# Names of columns that hold a person's own data: whole words of a delivered name, or parts of a Chinese one.
_WORDS = {
    "name", "firstname", "lastname", "fullname", "surname", "username", "contact", "phone", "telephone", "tel",
    "mobile", "cell", "msisdn", "email", "mail", "address", "addr", "street", "postcode", "zip", "passport", "ssn",
    "birthday", "birthdate", "dob", "iban", "wechat", "caller", "callerid", "ani", "password", "passwd", "secret",
    "token", "src", "clid", "from", "recipient",
}  # fmt: skip
_CHINESE = ("姓名", "名字", "联系人", "电话", "手机", "号码", "邮箱", "地址", "身份证", "微信", "生日", "密码", "住址")

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+\d[\d ()./-]{6,}|0\d{2,3}-\d{7,8}|1[3-9]\d{9}|\(?\d{3}\)?[ -]\d{3}[ -]\d{4}")
_CHINESE_ID = re.compile(r"\d{17}[\dXx]")


def words_of(name: str) -> tuple[str, ...]:
    """Split a column's name into lower-case words: at its separators, and where camelCase begins another."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return tuple(re.findall(r"[a-z]+|[0-9]+|[^\W\da-zA-Z_]+", spaced.lower()))


def is_personal_name(name: str) -> bool:
    """Whether a column of this name probably holds a person's own data."""
    words = words_of(name)
    return bool(_WORDS & {*words, "".join(words)}) or any(part in name for part in _CHINESE)


def is_personal_value(text: str) -> bool:
    """Whether `text` looks like an e-mail address, a telephone number or a Chinese identity number."""
    stripped = text.strip()
    return any(pattern.fullmatch(stripped) for pattern in (_EMAIL, _PHONE, _CHINESE_ID))


def looks_personal(name: str, values: Iterable[str]) -> bool:
    """Whether a delivered column looks as if it held personal data."""
    return is_personal_name(name) or any(is_personal_value(value) for value in values)
