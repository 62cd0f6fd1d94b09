"""JSON that tells whether it is still what was written: a flipped digit is damage, not another date or amount."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

SEAL = "seal"


def to_text(values: Mapping[str, Any]) -> str:
    """The values as JSON with a seal over all of them."""
    plain = json.loads(json.dumps(dict(values), ensure_ascii=False))
    return json.dumps({**plain, SEAL: _seal(plain)}, indent=1, ensure_ascii=False)


def from_text(text: str | bytes) -> dict[str, Any]:
    """The values that `to_text` wrote; ValueError when they are not those any more."""
    values = json.loads(text)
    if not isinstance(values, dict) or values.pop(SEAL, None) != _seal(values):
        raise ValueError("The seal does not fit.")
    return values


def _seal(values: Mapping[str, Any]) -> str:
    plain = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:16]
