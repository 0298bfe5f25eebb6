"""The demo: a small shop with a fault, its logs and its repository, to try the cockpit on. No other room knows it."""


class DemoError(Exception):
    """The demo cannot be made or run, in one sentence for the person who asked for it."""
