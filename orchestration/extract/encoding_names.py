"""Names of text encodings: as people write them in a profile, as Python knows them, as notices say them."""

from __future__ import annotations

import codecs

# The supersets are read for these: exports that call themselves GBK hold characters beyond.
_SUPERSETS = {"gbk": "gb18030", "gb2312": "gb18030", "utf-8-sig": "utf-8"}
# What a byte means depends on those before it: one that is damaged would take line ends with it.
_WITH_STATE = ("hz", "iso2022", "utf-7")
_LABELS = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16 (little-endian)",
    "utf-16-be": "UTF-16 (big-endian)",
    "utf-32-le": "UTF-32 (little-endian)",
    "utf-32-be": "UTF-32 (big-endian)",
    "gb18030": "GB18030",
    "iso8859-1": "Latin-1",
    "cp1252": "Windows-1252 (Latin-1 and more)",
}


def codec_of(name: str) -> str:
    """Return the Python codec for an encoding's `name`; ValueError if there is no such text encoding."""
    try:
        "".encode(name)
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        raise ValueError("is no text encoding; write one such as utf-8, gb18030, utf-16, latin-1 or big5") from None
    if codec.startswith(_WITH_STATE):
        raise ValueError("cannot be read line by line; deliver UTF-8")
    return _SUPERSETS.get(codec, codec)


def label_of(codec: str) -> str:
    """Return the name of a Python codec for people."""
    return _LABELS.get(codec, codec)
