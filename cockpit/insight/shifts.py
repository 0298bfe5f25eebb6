"""Since when a series of records comes more often than before, told apart from bursts, quiet nights and gaps. Pure.

Counts are held against two measures of how many there could have been: time in which anything was logged at all, and
what else was logged. A rise must be clear in both: at night less of everything comes, and a gap tells nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cockpit.clock import MINUTE, SECOND

_COARSE = 96  # bins in which begin and end are looked for together
_FINE = 8  # fine bins in a coarse one
_RATIO = 1.5  # how much more often it must come
_GAIN = 12.0  # how much likelier (natural logarithm) a stretch of its own must make the counts
_SLOT = 5 * SECOND
_SLOTS = 4  # different slots in which it must have come, and …
_LASTING = 30 * SECOND  # … how long at least: what is shorter and over is a burst
_FEW = 5  # records
_GAPS = 6  # … so many times the usual time between two
_NEAR = 5 * MINUTE  # around the bin in which a rate turns, in which the turn is looked for
_UNSEEN = 3  # so many times as long nothing must have come for a record a little before to begin a rise
_QUIET = 15 * SECOND  # without one, after which what came earlier does not belong to it any more, or …

Times = npt.NDArray[np.int64]
Counts = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shift:
    """A rise of a rate. at, until: microseconds, from when to when (until: the end of the log, while it goes on).

    before, after: records a minute outside of it, and in it, of the time in which anything was logged; count: records
    in it; gain: how much likelier (natural logarithm) it is than one steady rate; new: none came before.
    """

    at: int
    until: int
    before: float
    after: float
    count: int
    gain: float
    new: bool

    @property
    def confidence(self) -> float:
        """0 to 1: how sure it is that the rate rose, after what was tried (96 bins, both ends) is allowed for."""
        return float(1.0 - np.exp(-max(0.0, self.gain - _GAIN / 2)))


class Exposure:
    """How much there was to go wrong: what all series of one log are held against.

    times: int64[n], ascending, microseconds, of what is logged when nothing is wrong.
    """

    def __init__(self, times: Times, since: int, until: int) -> None:
        self.since = since
        self.until = until
        self.bins = _COARSE * _FINE
        self.width = max(1, -(-(self.until - since + 1) // self.bins))
        counts = self.binned(times)
        kernel = np.ones(_FINE + 1) / (_FINE + 1)
        smooth = np.convolve(counts, kernel, "same")
        alive = self._alive(counts)
        self.by_time = alive / max(1.0, alive.sum())
        spread = smooth * alive
        self.by_records = spread / spread.sum() if spread.sum() else self.by_time
        self.minutes = alive * self.width / MINUTE

    def binned(self, times: Times) -> Counts:
        """float64[bins]: how many of these times lie in each bin."""
        inside = times[(times >= self.since) & (times <= self.until)]
        return np.bincount((inside - self.since) // self.width, minlength=self.bins)[: self.bins].astype(float)

    def start_of(self, place: int) -> int:
        return self.since + place * self.width

    def _alive(self, counts: Counts) -> Counts:
        """1 where something was logged near by, 0 in a gap: a stretch without a record where one comes steadily."""
        present = counts > 0
        if present.mean() < 0.5:
            return np.ones(self.bins)
        near = np.convolve(present.astype(float), np.ones(3), "same") > 0
        return near.astype(float)


def shift(times: Times, exposure: Exposure) -> Shift | None:
    """The stretch in which these records (int64[n], ascending) come most clearly more often, or None."""
    if len(times) < _FEW:
        return None
    counts = exposure.binned(times)
    found = _coarse(counts, exposure)
    if found is None:
        return None
    begin, end = _refined(counts, exposure, *found)
    gain = _gain(counts, exposure, begin, end)
    inside, outside = counts[begin:end].sum(), counts.sum() - counts[begin:end].sum()
    gain /= _dispersion(counts, exposure, begin, end)
    until = exposure.until if end >= exposure.bins - 3 else exposure.start_of(end)
    at = _onset(times, exposure, begin, until)
    within = times[(times >= at) & (times <= until)]
    minutes = exposure.minutes[begin:end].sum(), exposure.minutes.sum() - exposure.minutes[begin:end].sum()
    before = outside / minutes[1] if minutes[1] > 0 else 0.0
    lasting = until == exposure.until or _lasts(within, before)
    if gain < _GAIN or len(np.unique(within // _SLOT)) < _SLOTS or not lasting:
        return None
    after = inside / max(minutes[0], (until - at) / MINUTE, 1e-9) if until > at else 0.0
    return Shift(at, until, float(before), float(after), len(within), float(gain), int(times[0]) >= at)


def _lasts(within: Times, before: float) -> bool:
    """Whether it is more than a burst: without the fullest half minute there are still more than come by chance."""
    if not len(within):
        return False
    fullest = int((np.searchsorted(within, within + _LASTING, "right") - np.arange(len(within))).max())
    usual = before * int(within[-1] - within[0]) / MINUTE
    return bool(len(within) - fullest >= _SLOTS - 1 + usual + 2 * usual**0.5)


def _coarse(counts: Counts, exposure: Exposure) -> tuple[int, int] | None:
    """Begin and end (fine bins) of the stretch of whole coarse bins that explains the counts best."""
    edges = np.arange(0, exposure.bins + 1, _FINE)
    sums = [np.concatenate(([0.0], np.cumsum(each)))[edges] for each in (counts, *_measures(exposure))]
    begins, ends = np.triu_indices(len(edges), 1)
    within = [each[ends] - each[begins] for each in sums]
    gains = np.minimum(*(_gains(within[0], counts.sum(), part) for part in within[1:]))
    best = int(np.argmax(gains))
    if gains[best] <= 0:
        return None
    return int(edges[begins[best]]), int(edges[ends[best]])


def _refined(counts: Counts, exposure: Exposure, begin: int, end: int) -> tuple[int, int]:
    """The same ends, to the fine bin."""
    begins = np.arange(max(0, begin - _FINE), min(end, begin + _FINE) + 1)
    begins = begins[begins < end]
    begin = int(begins[np.argmax([_gain(counts, exposure, int(each), end) for each in begins])])
    ends = np.arange(max(begin + 1, end - _FINE), min(exposure.bins, end + _FINE) + 1)
    return begin, int(ends[np.argmax([_gain(counts, exposure, begin, int(each)) for each in ends])])


def _gain(counts: Counts, exposure: Exposure, begin: int, end: int) -> float:
    inside = np.array([counts[begin:end].sum()])
    return min(
        float(_gains(inside, counts.sum(), np.array([each[begin:end].sum()]))[0]) for each in _measures(exposure)
    )


def _measures(exposure: Exposure) -> tuple[Counts, Counts]:
    return exposure.by_time, exposure.by_records


def _gains(inside: Counts, total: float, share: Counts) -> Counts:
    """How much likelier two rates are than one, for stretches with these shares of all there was; −1: no rise."""
    outside = total - inside
    rest = np.maximum(1.0 - share, 1e-12)
    share = np.maximum(share, 1e-12)
    rates = inside / share, outside / rest
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = inside * np.log(np.where(inside > 0, rates[0] / total, 1.0))
        gain = gain + outside * np.log(np.where(outside > 0, rates[1] / total, 1.0))
    return np.asarray(np.where(rates[0] > rates[1] * _RATIO, gain, -1.0))


def _dispersion(counts: Counts, exposure: Exposure, begin: int, end: int) -> float:
    """How much more the counts outside vary than chance lets them (at least 1): a series that comes in bursts."""
    outside = np.concatenate((counts[:begin], counts[end:]))
    share = np.concatenate((exposure.by_records[:begin], exposure.by_records[end:]))
    usable = len(outside) // _FINE * _FINE
    if not usable or outside.sum() < _FEW:
        return 1.0
    grouped = outside[:usable].reshape(-1, _FINE).sum(1)
    shares = share[:usable].reshape(-1, _FINE).sum(1)
    expected = grouped.sum() * shares / max(shares.sum(), 1e-12)
    known = expected > 0
    if known.sum() < 3:
        return 1.0
    return max(1.0, float((((grouped - expected) ** 2)[known] / expected[known]).sum() / (known.sum() - 1)))


def _onset(times: Times, exposure: Exposure, begin: int, until: int) -> int:
    """The record with which the rise begins: where the rate turns, and what came right before that."""
    start = exposure.start_of(begin)
    reach = max(_NEAR, 3 * exposure.width)
    turn = _turn(times, start - reach, min(until, start + reach))
    first = min(int(np.searchsorted(times, turn)), len(times) - 1)
    near = times[first : first + 200]
    near = near[near <= until]
    typical = float(np.mean(np.diff(near))) if len(near) > 1 else 0.0
    apart = np.diff(near)[np.diff(near) > SECOND]  # of one failing request there may be several records
    pause = max(_QUIET, _GAPS * (float(np.median(apart)) if len(apart) else 0.0))
    while first > 0 and times[first] - times[first - 1] <= min(pause, _NEAR):
        first -= 1
    lead = int(times[first]) - int(times[0])
    if lead <= min(reach, 2 * _GAPS * typical) and int(times[0]) - exposure.since >= _UNSEEN * reach:
        return int(times[0])  # none came long before: the first of all begins it
    return int(times[first])


def _turn(times: Times, low: int, high: int) -> int:
    """The record in a short stretch at which one steady rate best gives way to a higher one."""
    near = times[(times >= low) & (times <= high)]
    if len(near) < 2:
        return int(near[0]) if len(near) else low
    number = np.arange(len(near), dtype=float)
    spans = np.maximum(near - low, 1).astype(float), np.maximum(high - near, 1).astype(float)
    rest = len(near) - number
    with np.errstate(divide="ignore", invalid="ignore"):
        gains = np.where(number > 0, number * np.log(np.maximum(number, 1e-9) / spans[0]), 0.0)
        gains = gains + rest * np.log(rest / spans[1])
    gains[rest / spans[1] <= number / spans[0]] = -np.inf
    return int(near[int(np.argmax(gains))]) if np.isfinite(gains).any() else int(near[0])
