"""Reads many decimal numbers at once from where they stand in some bytes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_MOST = 24  # bytes a number may have


def read_numbers(data: npt.NDArray[np.uint8], at: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """float64[n]: the numbers that begin at these places; NaN where none does. `data` has room for a number at its end.

    Digits with an optional sign, point and exponent, as JSON writes them.
    """
    sign = np.where(data[at] == ord("-"), -1.0, 1.0)
    at = at + ((data[at] == ord("-")) | (data[at] == ord("+")))
    value = np.zeros(len(at))
    scale = np.ones(len(at))
    after_point = np.zeros(len(at), bool)
    active = np.ones(len(at), bool)
    digits = np.zeros(len(at), np.int64)
    for place in range(_MOST):
        byte = data[at + place]
        digit = active & ((byte - np.uint8(48)) <= 9)
        point = active & (byte == ord(".")) & ~after_point
        value = np.where(digit, value * 10 + (byte - np.uint8(48)), value)
        scale = np.where(digit & after_point, scale * 10, scale)
        digits += digit
        after_point |= point
        active &= digit | point
        if not active.any():
            break
    numbers = np.where(digits > 0, sign * value / scale, np.nan)
    exponent = np.isin(data[np.minimum(at + digits + after_point, len(data) - 1)], np.frombuffer(b"eE", np.uint8))
    for row in np.flatnonzero(exponent & (digits > 0)):
        numbers[row] = _one(bytes(data[at[row] : at[row] + _MOST]), float(sign[row]))
    return numbers


def _one(text: bytes, sign: float) -> float:
    end = next((place for place, byte in enumerate(text) if byte not in b"0123456789.eE+-"), len(text))
    try:
        return sign * float(text[:end])
    except ValueError:
        return float("nan")
