"""A page rendered once, with holes for what differs between two requests for it.

What lies between the holes is compressed once, too: a compressed stream may be put together from pieces that
know nothing of each other, with the values between them as they are. So a compressed page costs its checksum,
and a secret is never compressed together with anything, which is how lengths would give it away (BREACH).
"""

import re
import secrets
import zlib
from html import escape

_secret = secrets.token_hex(8)
"""Known only to this process, so that no text of an author can pass for a hole."""

_hole = re.compile(f"hole{_secret}0([a-z]+)0")


def hole(name: str) -> str:
    """What is rendered where the value called `name` (lower case letters) comes later."""
    return f"hole{_secret}0{name}0"


_gzip_start = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_gzip_last_block = b"\x01\x00\x00\xff\xff"


class Page(bytes):
    """A page as it is sent; `compressed` is the same in gzip's format."""

    skeleton: "Skeleton"
    values: dict[str, bytes]

    def compressed(self) -> bytes:
        end = zlib.crc32(self).to_bytes(4, "little") + len(self).to_bytes(4, "little")
        return b"".join((_gzip_start, *self.skeleton.pack(self.values), _gzip_last_block, end))


class Skeleton:
    """The bytes of a page between its holes. Filling it is one join: a few microseconds."""

    def __init__(self, html: str) -> None:
        pieces = _hole.split(html)
        self._pieces = [piece.encode() for piece in pieces]
        self._packed = [_pack(piece) for piece in self._pieces]
        self._places = [(at, pieces[at]) for at in range(1, len(pieces), 2)]

    @property
    def holes(self) -> frozenset[str]:
        return frozenset(name for _, name in self._places)

    def fill(self, **values: str) -> Page:
        """The page with a value for every hole; a hole without a value is a KeyError."""
        encoded = {name: escape(value).encode() for name, value in values.items()}
        pieces = self._pieces.copy()
        for at, name in self._places:
            pieces[at] = encoded[name]
        page = Page(b"".join(pieces))
        page.skeleton, page.values = self, encoded
        return page

    def pack(self, values: dict[str, bytes]) -> list[bytes]:
        """The compressed pieces with the values between them."""
        packed = self._packed.copy()
        for at, name in self._places:
            packed[at] = _store(values[name])
        return packed


def _pack(piece: bytes) -> bytes:
    """A piece of a compressed stream that ends on a whole byte and needs nothing of what came before it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)


def _store(value: bytes) -> bytes:
    """A value as it is inside a compressed stream, in blocks of at most 65,535 bytes."""
    blocks = [value[at : at + 65_535] for at in range(0, len(value), 65_535)]
    return b"".join(
        b"\x00" + len(block).to_bytes(2, "little") + (65_535 - len(block)).to_bytes(2, "little") + block
        for block in blocks
    )
