"""What every key does: the pane one is in first, then what works everywhere."""

from __future__ import annotations

from rich.text import Text

from cockpit.ui import keys
from cockpit.ui.screens.text import TextScreen

_INTRO = (
    "Four panes: the number focuses one, z gives it the whole screen. Nothing you do here changes the logs or the",
    "repository; what you write is on disk as soon as you see it. Other shells can add to the incident:",
    "  cockpit note TEXT…    cockpit hypothesis TEXT…    cockpit mark TEXT…    cockpit show",
)


class HelpScreen(TextScreen):
    """The keys, as declared in keys.py."""

    def __init__(self, pane: str) -> None:
        order = sorted(keys.places(), key=lambda place: place[0].lower() != pane)
        lines = [Text(line, "dim") for line in _INTRO]
        anchors = []
        for place, declared in order:
            lines.append(Text())
            anchors.append(len(lines))
            lines.append(Text(place, "bold underline"))
            lines += [Text.assemble((f"  {key.shown:<7}", "bold yellow"), key.help) for key in declared]
        super().__init__("Help", lines, anchors)
