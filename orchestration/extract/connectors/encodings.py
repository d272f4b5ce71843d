"""The encoding of a delivered text: as declared, or found out from its bytes, with a statement of what was taken.

Bytes that do not fit become marks in the text, so that a damaged byte costs its record and not the file.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.extract.connectors.compression import open_bytes
from orchestration.extract.encoding_names import codec_of, label_of

# Bytes per read.
_BLOCK = 1 << 20
# As many bytes of lines that are not ASCII decide which encoding it is.
_SAMPLE = 1 << 16

# The longer ones first: UTF-32's begins with UTF-16's.
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_BY_MARK = "by its byte order mark"
# Candidates of the last resort; those for Chinese and western text are tried before, with tests of our own.
_OTHERS = [
    "big5",
    "shift_jis",
    "euc_jp",
    "euc_kr",
    "cp1251",
    "koi8_r",
    "cp1250",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
]

# A byte that does not fit: a half of a surrogate pair, which no sound text holds alone.
_MARK = re.compile("[\udc00-\udcff]")
_MARKING = "aftersales_mark"


@dataclass(frozen=True)
class Encoding:
    """A Python codec; `basis` says how a detected encoding was found out (empty where it was declared)."""

    codec: str
    basis: str = ""

    @property
    def label(self) -> str:
        """The name for people."""
        return label_of(self.codec)

    @property
    def notice(self) -> str | None:
        """State what was taken, unless it is plain UTF-8 or was declared."""
        if not self.basis or self.codec == "utf-8":
            return None
        if self.basis == _BY_MARK:
            return f"read as {self.label} ({self.basis})"
        return f"read as {self.label} ({self.basis}; declare `encoding:` to be sure)"


def find_encoding(name: str, path: Path, declared: str | None) -> Encoding:
    """Return the encoding of the file `path`, which errors call `name`.

    ValueError if it is declared otherwise than its byte order mark says, or if nothing fits what is not UTF-8.
    """
    with open_bytes(name, path) as stream:
        head = stream.read(_SAMPLE)
    marked = next((codec for mark, codec in _BYTE_ORDER_MARKS.items() if head.startswith(mark)), None)
    if declared:
        return _declared(name, codec_of(declared), marked)
    if marked:
        return Encoding(marked, _BY_MARK)
    wide = _wide(head)
    if wide:
        return Encoding(wide, "detected")
    if _is_utf8(name, path):
        return Encoding("utf-8", "detected")
    return _detected(name, path)


def decoded(encoding: Encoding, name: str, path: Path) -> Iterator[str]:
    """Read the file as blocks of text with line ends made equal; bytes that do not fit are marks in it."""
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding.codec)(_MARKING), translate=True)
    is_first = True
    with open_bytes(name, path) as stream:
        while True:
            data = stream.read(_BLOCK)
            text = decoder.decode(data, final=not data)
            if is_first and text:
                text, is_first = text.removeprefix("\ufeff"), False
            yield text
            if not data:
                return


def misfit(encoding: Encoding, text: str) -> str | None:
    """Say which byte of `text` does not fit the encoding; None where all do."""
    mark = _MARK.search(text)
    if mark is None:
        return None
    before = len(text[: mark.start()].encode(encoding.codec, errors="replace"))
    return f"is not {encoding.label} at byte {before + 1} of the record"


def readable(text: str) -> str:
    r"""Write marks as \xNN."""
    return _MARK.sub(lambda mark: f"\\x{ord(mark[0]) - 0xDC00:02x}", text)


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error(_MARKING, _mark)


def _declared(name: str, codec: str, marked: str | None) -> Encoding:
    if codec in {"utf-16", "utf-32"}:
        # Without a mark: as Windows writes it.
        codec = marked if marked and marked.startswith(codec) else f"{codec}-le"
    if marked and marked != codec:
        raise ValueError(
            f"{name}: is declared as {label_of(codec)}, but begins with the byte order mark of "
            f"{label_of(marked)}; correct `encoding:` of the binding"
        )
    return Encoding(codec)


def _wide(head: bytes) -> str | None:
    """Tell UTF-16 without a mark by its NULs: half of each ASCII character, and there are line ends in every table."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) <= len(head) / 40 or min(even, odd) > max(even, odd) / 20:
        return None
    codec = "utf-16-le" if odd > even else "utf-16-be"
    text = head[: len(head) // 2 * 2].decode(codec, errors="replace")
    is_table = "\n" in text or "\r" in text
    return codec if is_table and "\0" not in text and text.count("\ufffd") <= 1 else None


def _is_utf8(name: str, path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_plain = True
    with open_bytes(name, path) as stream:
        while data := stream.read(_BLOCK):
            if is_plain and data.isascii():
                continue
            try:
                decoder.decode(data)
            except UnicodeDecodeError:
                return False
            is_plain = not decoder.getstate()[0]
    return is_plain


def _detected(name: str, path: Path) -> Encoding:
    """Find the encoding of a file that is not wholly UTF-8: UTF-8 with damage, or another."""
    sound = damaged = line_count = first = 0
    sample: list[bytes] = []
    size = 0
    for line in _lines(name, path):
        line_count += 1
        if line.isascii():
            continue
        if size < _SAMPLE:
            sample.append(line)
            size += len(line)
        try:
            line.decode()
            sound += 1
        except UnicodeDecodeError:
            damaged += 1
            first = first or line_count
    # A line of another encoding is hardly ever UTF-8 by chance.
    codec = None if sound >= damaged else _guess(sample)
    if codec:
        return Encoding(codec, "detected")
    if are_many(damaged, line_count):
        raise ValueError(
            f"{name}: {damaged} of {line_count} lines are not UTF-8, the first is line {first}, and no other encoding "
            "fits; write `encoding:` in the binding, or deliver UTF-8"
        )
    return Encoding("utf-8", "detected")


def are_many(misfits: int, records: int) -> bool:
    """Whether so many records do not fit a detected encoding that it must be the wrong one."""
    return misfits > 20 and misfits * 20 > records


def _lines(name: str, path: Path) -> Iterator[bytes]:
    rest = b""
    with open_bytes(name, path) as stream:
        while data := stream.read(_BLOCK):
            *lines, rest = (rest + data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")).split(b"\n")
            yield from lines
            if len(rest) > _BLOCK:
                yield rest
                rest = b""
    yield rest


def _guess(sample: list[bytes]) -> str | None:
    text = b"\n".join(sample)
    if _is_chinese(sample):
        return "gb18030"
    if _is_western(text):
        return "cp1252" if _fits(text, "cp1252") else "iso8859-1"
    if sum(byte >= 0x80 for byte in text) < 40:
        return None
    # Imported late: only files in rare encodings need it.
    from charset_normalizer import from_bytes  # noqa: PLC0415

    best = from_bytes(text, cp_isolation=_OTHERS).best()
    return codecs.lookup(best.encoding).name if best and _fits(text, best.encoding) else None


def _fits(text: bytes, codec: str) -> bool:
    try:
        text.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _is_chinese(lines: Iterable[bytes]) -> bool:
    """Whether the lines are GB18030: nearly all of them fit, and nearly all characters are common ones of GB2312."""
    fitting = unfitting = common = rare = 0
    for line in lines:
        try:
            text = line.decode("gb18030")
        except UnicodeDecodeError:
            unfitting += 1
            continue
        fitting += 1
        for character in text:
            if not character.isascii():
                # GB2312 puts signs and the 3755 common characters before 0xD8.
                is_common = character.encode("gb2312", errors="replace")[0] in range(0xA1, 0xD8)
                # Kana has a place there, but makes a text Japanese.
                is_common = is_common and not "\u3040" <= character <= "\u30ff"
                common, rare = common + is_common, rare + (not is_common)
    return fitting > 20 * unfitting and common > 9 * rare


def _is_western(text: bytes) -> bool:
    """Whether the bytes from 0xC0 on are accented letters: most are in words, and with no other of them beside."""
    # Not the last one, which hardly a word has, and which is what damage often looks like.
    letter = rb"[\xc0-\xd6\xd8-\xf6\xf8-\xfe]"
    high = len(re.findall(rb"[\xc0-\xff]", text))
    alone = len(re.findall(rb"(?<![\xc0-\xff])" + letter + rb"(?![\xc0-\xff])", text))
    in_words = len(re.findall(rb"(?<=[A-Za-z])" + letter + rb"|" + letter + rb"(?=[A-Za-z])", text))
    return high > 0 and 10 * in_words >= 6 * high and 10 * alone >= 6 * high
