"""Whether a browser takes compressed answers, and what such an answer says of itself."""

from litestar.types import Scope

COMPRESSED_HEADERS = ((b"content-encoding", b"gzip"), (b"vary", b"accept-encoding"))


def takes_gzip(scope: Scope) -> bool:
    """True when the request names gzip among the encodings it takes, and not only to refuse it."""
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            for one in value.lower().split(b","):
                coding, _, weight = one.partition(b";")
                if coding.strip() in (b"gzip", b"x-gzip", b"*"):
                    return weight.replace(b" ", b"") not in (b"q=0", b"q=0.0", b"q=0.00", b"q=0.000")
    return False
