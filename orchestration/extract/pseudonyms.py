"""The salt of pseudonyms: from the environment to the engine, by way of nothing that is written down."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

SALT_VARIABLE = "AFTERSALES_PII_SALT"
# As many random characters as nobody tries out; telephone numbers without a salt are tried out in seconds.
SHORTEST_SALT = 16
_BLOCK_BYTES = 64


class SaltError(ValueError):
    """Values are to be hashed, and there is no salt that would protect them."""


def read_salt(environment: Mapping[str, str]) -> bytes:
    """The salt; SaltError if it is missing or too short to protect anything."""
    salt = environment.get(SALT_VARIABLE, "")
    if len(salt) < SHORTEST_SALT:
        found = f"has {len(salt)} characters" if salt else "is not set"
        raise SaltError(
            f"hashed needs a secret salt, and {SALT_VARIABLE} {found}, expected at least {SHORTEST_SALT} characters: "
            "without one, whoever tries all telephone numbers undoes the hash. Set it from your secret store, made "
            "once by `openssl rand -hex 32`, and keep it: another salt gives other pseudonyms"
        )
    return salt.encode()


def key_halves(salt: bytes) -> dict[str, bytes]:
    """The two padded keys of HMAC-SHA-256 (RFC 2104), by the variables of the macro `pseudonym`."""
    # A salt longer than a block would be hashed first, as the standard says.

    key = (hashlib.sha256(salt).digest() if len(salt) > _BLOCK_BYTES else salt).ljust(_BLOCK_BYTES, b"\0")
    return {
        "pseudonym_inner": bytes(byte ^ 0x36 for byte in key),
        "pseudonym_outer": bytes(byte ^ 0x5C for byte in key),
    }


def pseudonym_of(salt: bytes, key: str) -> str:
    """What the macro `pseudonym` makes of a key: the first 128 bits of HMAC-SHA-256, in hexadecimal."""
    return hmac.new(salt, key.encode(), hashlib.sha256).hexdigest()[:32]
