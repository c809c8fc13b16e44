"""What a picture really is, whatever its name says; hostile files are refused and nothing of them is decoded."""

import struct
import zlib

import pytest

from incidents import pictures
from incidents.pictures import Unfit, measure


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int = 3, height: int = 2, *, between: bytes = b"", body: bytes | None = None) -> bytes:
    rows = b"".join(b"\0" + b"\xa0\x40\x90" * width for _ in range(height)) if body is None else body
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + between + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def jpeg(width: int = 3, height: int = 2, *, between: bytes = b"") -> bytes:
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 8 + 3, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8" + between + frame + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x12\x34" + b"\xff\xd9"


def webp(*parts: tuple[bytes, bytes]) -> bytes:
    body = b"".join(kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for kind, data in parts)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def lossy(width: int, height: int) -> tuple[bytes, bytes]:
    return b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height) + b"\0"


def lossless(width: int, height: int) -> tuple[bytes, bytes]:
    return b"VP8L", b"\x2f" + struct.pack("<I", width - 1 | height - 1 << 14) + b"\0"


def canvas(width: int, height: int) -> tuple[bytes, bytes]:
    return b"VP8X", b"\0\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


EXIF = b"\xff\xe1" + struct.pack(">H", 8) + b"Exif\0\0"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (png(), "image/png"),
        (png(between=chunk(b"tEXt", b"Comment\0<script>alert(1)</script>")), "image/png"),
        (png() + b"<html>behind the end", "image/png"),
        (jpeg(), "image/jpeg"),
        (jpeg(between=EXIF), "image/jpeg"),
        (webp(lossy(3, 2)), "image/webp"),
        (webp(lossless(3, 2)), "image/webp"),
        (webp(canvas(3, 2), (b"EXIF", b"x"), lossy(3, 2)), "image/webp"),
    ],
)
def test_a_picture_is_told_by_its_bytes(content: bytes, media_type: str) -> None:
    found = measure(content)
    assert (found.media_type, found.width, found.height) == (media_type, 3, 2)


HOSTILE = {
    "empty": (b"", "not_a_picture"),
    "a page": (b"<!doctype html><script>alert(1)</script>", "not_a_picture"),
    "a drawing with a script": (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "not_a_picture"),
    "a drawing behind a mark": (b"\xef\xbb\xbf<svg/>", "not_a_picture"),
    "a gif": (b"GIF89a\x01\0\x01\0\0\0\0;", "not_a_picture"),
    "a pdf": (b"%PDF-1.7", "not_a_picture"),
    "a sound in the same wrapping": (b"RIFF\x04\0\0\0WAVE", "not_a_picture"),
    "a png cut off": (png()[:-20], "cut_off"),
    "a png of one signature": (b"\x89PNG\r\n\x1a\n", "cut_off"),
    "a png with a bit turned": (png().replace(b"IDAT", b"IDAu"), "cut_off"),
    "a png whose chunk is longer than it": (b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR", "cut_off"),
    "a png without a picture": (png().replace(png()[33:-12], b""), "cut_off"),
    "a png of nothing": (png(0, 0), "cut_off"),
    "a png that moves": (png(between=chunk(b"acTL", b"\0" * 8)), "animated"),
    "a bomb": (png(30_000, 30_000, body=b"\0" * 1_000), "too_large"),
    "a long bomb": (png(2**31 - 1, 1, body=b""), "too_large"),
    "a jpeg cut off": (jpeg()[:-2], "cut_off"),
    "a jpeg of nothing but tables": (b"\xff\xd8\xff\xc4\x00\x02" * 1, "cut_off"),
    "a jpeg without its size": (b"\xff\xd8\xff\xda\x00\x02\xff\xd9", "cut_off"),
    "a jpeg bomb": (jpeg(65_535, 65_535), "too_large"),
    "a jpeg of no height": (jpeg(3, 0), "cut_off"),
    "a jpeg of padding": (b"\xff\xd8" + b"\xff" * 100_000, "cut_off"),
    "a webp cut off": (webp(lossy(3, 2))[:-3], "cut_off"),
    "a webp of a canvas alone": (webp(canvas(3, 2)), "cut_off"),
    "a webp larger than its canvas": (webp(canvas(3, 2), lossless(16_384, 16_384)), "too_large"),
    "a webp that moves": (webp(canvas(3, 2), (b"ANIM", b"\0" * 6), lossy(3, 2)), "animated"),
    "too many bytes": (png() + b"\0" * pictures.MOST_BYTES, "too_heavy"),
}


@pytest.mark.parametrize(("content", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_fit_picture_is_refused_in_both_languages(content: bytes, code: str) -> None:
    with pytest.raises(Unfit) as refused:
        measure(content)
    assert refused.value.code == code
    assert refused.value.words("fr") != refused.value.words("en")
