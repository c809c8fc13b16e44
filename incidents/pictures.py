"""What a picture handed in really is, read from its bytes alone. Nothing is decoded here: a bomb is only measured.

PNG (W3C PNG 3rd edition, chunks with their CRC), JPEG (ITU T.81, segments up to the first scan) and WebP (RFC 9649).
What the browser or the name says of the file counts for nothing.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MOST_BYTES = 5_000_000
MOST_PIXELS = 50_000_000  # a screen of 4K scrolled six times; beyond, a small file fills a reader's memory
LONGEST_SIDE = 30_000

_PNG = b"\x89PNG\r\n\x1a\n"
_SIZES_IN_JPEG = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # the frame headers; the others are tables
_WITHOUT_LENGTH = frozenset(range(0xD0, 0xD8)) | {0x01}

_WORDS = {
    "too_heavy": {
        "fr": "L’image dépasse 5\u00a0Mo\u00a0: recadrez-la, ou enregistrez-la en JPEG.",
        "en": "The picture is larger than 5 MB: crop it, or save it as JPEG.",
    },
    "not_a_picture": {
        "fr": "Ce fichier n’est pas une image PNG, JPEG ou WebP.",
        "en": "This file is not a PNG, JPEG or WebP picture.",
    },
    "cut_off": {
        "fr": "L’image est abîmée ou incomplète\u00a0: refaites la capture.",
        "en": "The picture is damaged or incomplete: capture it again.",
    },
    "too_large": {
        "fr": "L’image a trop de points\u00a0: 50\u00a0millions au plus, 30\u00a0000 de côté.",
        "en": "The picture has too many pixels: 50 million at most, 30,000 a side.",
    },
    "animated": {
        "fr": "Une image animée ne prouve rien de précis\u00a0: capturez l’instant qui compte.",
        "en": "A moving picture proves nothing precise: capture the moment that counts.",
    },
}


class Unfit(ValueError):
    """The picture cannot be kept. `code` is stable; `words("fr")` and `words("en")` say why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)

    def words(self, language: str) -> str:
        return _WORDS[self.code][language]


@dataclass(frozen=True, slots=True)
class Measured:
    """What it is ("image/png"…) and its size in pixels."""

    media_type: str
    width: int
    height: int


def measure(content: bytes) -> Measured:
    """What the bytes are. Raises Unfit (too_heavy, not_a_picture, cut_off, too_large, animated)."""
    if len(content) > MOST_BYTES:
        raise Unfit("too_heavy")
    found = _read(content)
    if min(found.width, found.height) < 1:
        raise Unfit("cut_off")
    if max(found.width, found.height) > LONGEST_SIDE or found.width * found.height > MOST_PIXELS:
        raise Unfit("too_large")
    return found


def _read(content: bytes) -> Measured:
    if content.startswith(_PNG):
        return Measured("image/png", *_png(content))
    if content.startswith(b"\xff\xd8\xff"):
        return Measured("image/jpeg", *_jpeg(content))
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Measured("image/webp", *_webp(content))
    raise Unfit("not_a_picture")


def _png(content: bytes) -> tuple[int, int]:
    kinds: list[bytes] = []
    size = (0, 0)
    for kind, body in _png_chunks(content):
        if not kinds:
            if kind != b"IHDR" or len(body) != 13:
                raise Unfit("cut_off")
            size = int.from_bytes(body[:4]), int.from_bytes(body[4:8])
        kinds.append(kind)
    if b"acTL" in kinds:
        raise Unfit("animated")
    if b"IDAT" not in kinds:
        raise Unfit("cut_off")
    return size


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(kind, body) up to the end of the picture; what stands behind it is not part of it."""
    place = len(_PNG)
    while True:
        length, kind = int.from_bytes(content[place : place + 4]), content[place + 4 : place + 8]
        end = place + 8 + length
        body = content[place + 8 : end]
        if end + 4 > len(content) or zlib.crc32(kind + body) != int.from_bytes(content[end : end + 4]):
            raise Unfit("cut_off")
        if kind == b"IEND":
            return
        yield kind, body
        place = end + 4


def _jpeg(content: bytes) -> tuple[int, int]:
    size, place = None, 2
    while place + 4 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker == 0xFF or marker in _WITHOUT_LENGTH:  # padding, and markers that stand alone
            place += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(content[place + 2 : place + 4])
        if marker in _SIZES_IN_JPEG and place + 9 <= len(content):
            size = int.from_bytes(content[place + 7 : place + 9]), int.from_bytes(content[place + 5 : place + 7])
        if marker == 0xDA:
            break
        place += 2 + max(length, 2)
    else:
        raise Unfit("cut_off")
    if size is None or content.find(b"\xff\xd9", place) == -1:
        raise Unfit("cut_off")
    return size


def _webp(content: bytes) -> tuple[int, int]:
    """The largest of the sizes that it names: its canvas may be smaller than what it holds."""
    end = 8 + int.from_bytes(content[4:8], "little")
    if end > len(content):
        raise Unfit("cut_off")
    place, sizes, is_drawn = 12, [], False
    while place + 8 <= end:
        kind, length = content[place : place + 4], int.from_bytes(content[place + 4 : place + 8], "little")
        if place + 8 + length > end:
            raise Unfit("cut_off")
        if kind in {b"ANIM", b"ANMF"}:
            raise Unfit("animated")
        if found := _webp_size(kind, content[place + 8 : place + 8 + length]):
            sizes.append(found)
            is_drawn = is_drawn or kind != b"VP8X"
        place += 8 + length + length % 2
    if not is_drawn:
        raise Unfit("cut_off")
    return max(width for width, _ in sizes), max(height for _, height in sizes)


def _webp_size(kind: bytes, body: bytes) -> tuple[int, int] | None:
    if kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    if kind == b"VP8L" and body[:1] == b"\x2f":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    return None
