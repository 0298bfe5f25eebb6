"""Generated incidents, and how well a diagnosis does on them."""

from tests.incidents.generating import generate
from tests.incidents.truth import Factor, Kind, Truth

__all__ = ["Factor", "Kind", "Truth", "generate"]
