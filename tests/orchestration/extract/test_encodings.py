"""Which encoding a text is taken for, what is said about it, and what becomes of bytes that do not fit it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.extract.connectors.encodings import decoded, find_encoding, misfit, readable
from orchestration.extract.encoding_names import codec_of

CHINESE = "编号,姓名,备注\n1,张伟,打印机卡纸，请尽快派人维修\n2,王芳,空调不制冷，客户很着急\n"
TAIWAN = "編號,姓名,備註\n1,陳小明,印表機卡紙，請儘快派人維修\n2,林美麗,冷氣不冷，客戶很著急\n"
GERMAN = "id,name,note\n1,Müller,Gerät defekt\n2,Jörg,Schöne Grüße\n3,Ann,ok\n"
FRENCH = "id,name\n1,José\n2,Amélie à Noël\n"
RUSSIAN = "номер,имя,заметка\n1,Иван,Принтер зажевал бумагу и не печатает\n2,Мария,Кондиционер не охлаждает воздух\n"
JAPANESE = "番号,名前,備考\n1,田中,プリンターの紙が詰まっています\n2,佐藤,エアコンが冷えません。至急お願いします\n"


def write(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "in.csv"
    path.write_bytes(content)
    return path


def read(path: Path, declared: str | None = None) -> tuple[str, str | None]:
    encoding = find_encoding("in.csv", path, declared)
    return "".join(decoded(encoding, "in.csv", path)), encoding.notice


@pytest.mark.parametrize(
    ("text", "written_in", "label"),
    [
        (CHINESE, "gbk", "GB18030 (detected;"),
        (CHINESE + "3,㐀𠀀,x\n", "gb18030", "GB18030 (detected;"),
        ("id,name\n1,张\n", "gbk", "GB18030 (detected;"),
        (CHINESE, "utf-16", "UTF-16 (little-endian) (by its byte order mark)"),
        (CHINESE, "utf-32", "UTF-32 (little-endian) (by its byte order mark)"),
        (CHINESE, "utf-16-le", "UTF-16 (little-endian) (detected;"),
        (FRENCH, "utf-16-be", "UTF-16 (big-endian) (detected;"),
        (GERMAN, "latin-1", "Windows-1252 (Latin-1 and more) (detected;"),
        (FRENCH, "latin-1", "Windows-1252 (Latin-1 and more) (detected;"),
        ("id,name\n1,Jos\xe9 \x81\n", "latin-1", "Latin-1 (detected;"),
        (RUSSIAN, "cp1251", "cp1251 (detected;"),
        (JAPANESE, "shift_jis", "shift_jis (detected;"),
        (JAPANESE, "euc_jp", "euc_jp (detected;"),
        (TAIWAN, "big5", "big5 (detected;"),
    ],
)
def test_an_encoding_is_detected_and_what_was_taken_is_said(
    tmp_path: Path, text: str, written_in: str, label: str
) -> None:
    found, notice = read(write(tmp_path, text.encode(written_in)))
    assert found == text
    assert str(notice).startswith(f"read as {label}")


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", CHINESE, "\ufeff" + CHINESE, GERMAN])
def test_of_plain_utf8_nothing_is_said(tmp_path: Path, text: str) -> None:
    assert read(write(tmp_path, text.encode())) == (text.removeprefix("\ufeff"), None)


@pytest.mark.parametrize("content", [b"a,b\n4,\xff,x\n", CHINESE.encode() + b"3,\xd5\xc5,x\n"])
def test_a_few_bad_bytes_do_not_make_it_another_encoding(tmp_path: Path, content: bytes) -> None:
    encoding = find_encoding("in.csv", write(tmp_path, content), None)
    assert (encoding.codec, encoding.notice) == ("utf-8", None)


def test_bytes_that_fit_nothing_are_refused_with_the_first_line(tmp_path: Path) -> None:
    path = write(tmp_path, b"a,b\nx,y\n" + b"1,\x81\xff\xff\n" * 30)
    with pytest.raises(ValueError, match=r"in\.csv: 30 of 33 lines are not UTF-8, the first is line 3.*`encoding:`"):
        find_encoding("in.csv", path, None)


def test_a_declared_encoding_is_taken_and_not_mentioned(tmp_path: Path) -> None:
    assert read(write(tmp_path, "é".encode("latin-1")), "latin-1") == ("é", None)
    # What calls itself GBK may hold characters that only its superset has.
    assert read(write(tmp_path, "㐀€".encode("gb18030")), "GBK") == ("㐀€", None)
    assert read(write(tmp_path, "\ufeff张".encode("utf-16-be")), "utf-16") == ("张", None)
    assert read(write(tmp_path, "张".encode("utf-16-le")), "utf-16") == ("张", None)


def test_a_byte_order_mark_that_contradicts_what_is_declared_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path, "\ufeffa".encode())
    with pytest.raises(ValueError, match=r"is declared as Latin-1, but begins with the byte order mark of UTF-8"):
        find_encoding("in.csv", path, "latin-1")


@pytest.mark.parametrize(
    ("codec", "content", "text", "byte"),
    [
        ("utf-8", b"1,\xe5\xbc\xa0\xff\n2", "1,张\\xff", 6),
        ("gb18030", b"1,\xd5\xc5\x81\n2", "1,张\\x81", 5),
        ("utf-16-le", "1,张".encode("utf-16-le") + b"\x00\xd8\n\x002\x00", "1,张\\x00\\xd8", 7),
        ("cp1252", b"1,\x81\n2", "1,\\x81", 3),
    ],
)
def test_a_byte_that_does_not_fit_is_marked_and_the_line_end_behind_it_stays(
    tmp_path: Path, codec: str, content: bytes, text: str, byte: int
) -> None:
    path = write(tmp_path, content)
    encoding = find_encoding("in.csv", path, codec)
    bad, good = "".join(decoded(encoding, "in.csv", path)).split("\n")
    assert (readable(bad), good) == (text, "2")
    assert str(misfit(encoding, bad)).endswith(f"at byte {byte} of the record")
    assert misfit(encoding, good) is None


@pytest.mark.parametrize("name", ["base64", "nonsense", "utf-9", ""])
def test_a_name_that_is_no_text_encoding_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is no text encoding; write one such as utf-8"):
        codec_of(name)


@pytest.mark.parametrize("name", ["iso2022_jp", "hz", "utf7"])
def test_an_encoding_that_damage_would_spread_in_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be read line by line; deliver UTF-8"):
        codec_of(name)


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=40), codec=st.sampled_from(["utf-8", "gb18030", "utf-16-le", "utf-32-be"]))
def test_whatever_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, text: str, codec: str) -> None:
    path = write(tmp_path_factory.mktemp("text"), text.encode(codec))
    expected = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    assert "".join(decoded(find_encoding("in.csv", path, codec), "in.csv", path)) == expected


@settings(max_examples=200, deadline=None)
@given(content=st.binary(max_size=60), codec=st.sampled_from(["utf-8", "gb18030", "cp1252", "shift_jis", "big5"]))
def test_no_line_is_lost_whatever_the_bytes(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, codec: str
) -> None:
    path = write(tmp_path_factory.mktemp("bytes"), content)
    try:
        encoding = find_encoding("in.csv", path, codec)
        text = "".join(decoded(encoding, "in.csv", path))
    except ValueError:
        return  # a byte order mark that contradicts, or gzip that is none
    assert text.count("\n") == content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n")
