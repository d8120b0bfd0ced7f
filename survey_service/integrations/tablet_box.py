"""Boxes in which a tablet keeps answers while there is no network: closed on the device, opened only here.

Each tablet link has a key pair of its own, derived from SURVEY_SECRET_KEY; the tablet has the public half. A
box is the point of a pair made for it alone, twelve bytes of nonce, and AES-256-GCM under a key from both
(ECDH on P-256, HKDF with SHA-256). Whoever has the tablet, and the tablet itself, cannot open it again.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_POINT, _NONCE = 65, 12
_INFO = b"tablet answers|1"


def box_key(secret_key: bytes, tablet: int) -> bytes:
    """The public key of a tablet's boxes, as an uncompressed point: what browsers import as `raw`."""
    return _pair(secret_key, tablet).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def open_box(secret_key: bytes, tablet: int, box: bytes) -> bytes | None:
    """What is in a box; None when it was not closed for this tablet, or is not whole."""
    point, nonce, sealed = box[:_POINT], box[_POINT : _POINT + _NONCE], box[_POINT + _NONCE :]
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        shared = _pair(secret_key, tablet).exchange(ec.ECDH(), theirs)
        key = HKDF(algorithm=SHA256(), length=32, salt=point, info=_INFO).derive(shared)
        return AESGCM(key).decrypt(nonce, sealed, None)
    except (InvalidTag, ValueError):
        return None


def _pair(secret_key: bytes, tablet: int) -> ec.EllipticCurvePrivateKey:
    """48 bytes modulo the order less one are as good as uniform (FIPS 186-5, A.2.1)."""
    seed = HKDF(algorithm=SHA256(), length=48, salt=None, info=b"tablet key|%d" % tablet).derive(secret_key)
    return ec.derive_private_key(int.from_bytes(seed) % (_ORDER - 1) + 1, ec.SECP256R1())
