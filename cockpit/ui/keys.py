"""Every key, declared once: the footer, the help, the command palette and the README's table are all made from this."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a place. `keys` as Textual names them, separated by commas; `shown` as a person reads them.

    `footer`: whether the footer shows it. `help` says what it does in a sentence.
    """

    place: str
    keys: str
    action: str
    label: str
    shown: str
    help: str
    footer: bool = False

    @property
    def id(self) -> str:
        return f"{self.place.lower()}.{self.action.replace('(', '.').rstrip(')').replace(chr(39), '')}"

    def binding(self) -> Binding:
        return Binding(self.keys, self.action, self.label, show=self.footer, key_display=self.shown, id=self.id)


ANYWHERE = "Anywhere"
LOGS = "Logs"
COMMITS = "Commits"
HYPOTHESES = "Hypotheses"
NOTES = "Notes"
VIEW = "Lists and texts"
CHOOSING = "Fields and filters"
EVIDENCE = "Evidence"
EXPERIMENT = "Experiment"
GUIDE = "Guide"
SCOPE = "Scope"
SIGNATURES = "Signatures"
TRACE = "Trace"
COMPARE = "Compare"

KEYS: tuple[Key, ...] = (
    Key(LOGS, "slash", "search", "search", "/", "Search the logs while you type; enter keeps it, esc drops it.", True),
    Key(LOGS, "n", "next_hit(1)", "next hit", "n", "Go to the next hit of the search."),
    Key(LOGS, "N", "next_hit(-1)", "previous hit", "N", "Go to the previous hit of the search."),
    Key(LOGS, "e", "next_error(1)", "error", "e", "Go to the next record of level error or worse.", True),
    Key(LOGS, "E", "next_error(-1)", "previous error", "E", "Go to the previous error."),
    Key(LOGS, "ampersand", "filter", "filter", "&", "Show only a text, !text, status>=500, last 15m, around 5m.", True),
    Key(LOGS, "l", "level(1)", "level", "l", "Show only records of this level or worse; each press one up."),
    Key(LOGS, "L", "level(-1)", "lower level", "L", "One level down again."),
    Key(LOGS, "x", "clear_filter", "show all", "x", "Drop all filters and the search: show every record again."),
    Key(LOGS, "X", "drop_filter", "drop one", "X", "Drop the filter that was added last (or click on one)."),
    Key(LOGS, "C", "context", "context", "C", "Show 3, 10 or no records around each that the filters keep."),
    Key(
        LOGS,
        "equals_sign",
        "trace",
        "trace",
        "=",
        "Show only the records with this record's trace id; again: show all.",
    ),
    Key(LOGS, "t", "trace_path", "path of the trace", "t", "The record's trace as a timed path through all sources."),
    Key(LOGS, "S", "saved_filters", "saved filters", "S", "Filters kept by name: take one, or save the one in force."),
    Key(LOGS, "at", "go_to", "go to", "@", "Go to a time (10:02, 15m ago) or a line (1234)."),
    Key(LOGS, "y", "copy", "copy", "y", "Copy the exact text, of all selected too; over SSH too (OSC 52, tmux)."),
    Key(LOGS, "Y", "copy_json", "copy as JSON", "Y", "Copy as JSON, with fields and place; of all selected, an array."),
    Key(LOGS, "W", "write", "write to file", "W", "Write what is selected, or all that is shown, to a file as it is."),
    Key(LOGS, "v", "select", "select", "v", "Select records from here on: every move extends it; again drops it."),
    Key(LOGS, "escape", "drop_selection", "drop selection", "esc", "Drop the selection."),
    Key(LOGS, "M", "mark_record", "mark record", "M", "Mark the record, or all selected; again removes the marks."),
    Key(LOGS, "apostrophe", "next_mark(1)", "next marked", "'", "Go to the next marked record."),
    Key(LOGS, "quotation_mark", "next_mark(-1)", "previous marked", '"', "Go to the marked record before."),
    Key(
        LOGS,
        "c",
        "capture",
        "capture",
        "c",
        "Keep the record, or all selected, as evidence, with what stood around.",
        True,
    ),
    Key(
        LOGS, "A", "capture_around", "capture around", "A", "Capture as c does, with a window of your own: 30s, 5m, 1h."
    ),
    Key(
        LOGS,
        "F",
        "follow_colleague",
        "with a colleague",
        "F",
        "Go where a colleague goes, until you move; again: next.",
    ),
    Key(LOGS, "P", "point", "point", "P", "Point at the record, so that it lights up for all; again: no more."),
    Key(LOGS, "R", "suspects", "suspects", "R", "Rank the commits that may have caused this error, with reasons."),
    Key(LOGS, "o", "sources", "sources", "o", "What each source is doing: live, ended, reconnecting, failed and why."),
    Key(LOGS, "i", "why", "why", "i", "Why is it read like this? Format, time, level, and what the filters hide."),
    Key(LOGS, "enter", "detail", "detail", "⏎", "Show the record whole: JSON laid out, stack trace unfolded.", True),
    Key(LOGS, "f", "follow", "follow", "f", "Go to the end and follow what arrives; again: stop following.", True),
    Key(LOGS, "G,end", "end", "end", "G", "Go to the end and follow."),
    Key(LOGS, "g,home", "begin", "begin", "g", "Go to the first record."),
    Key(LOGS, "j,down", "move(1)", "down", "j ↓", "One record down."),
    Key(LOGS, "k,up", "move(-1)", "up", "k ↑", "One record up; following pauses."),
    Key(LOGS, "pagedown,space,ctrl+f,ctrl+d", "page(1)", "page down", "PgDn", "One screen down (space does too)."),
    Key(LOGS, "pageup,b,ctrl+u", "page(-1)", "page up", "PgUp", "One screen up (b does too)."),
    Key(LOGS, "right", "sideways(1)", "right", "→", "Scroll long lines sideways."),
    Key(LOGS, "left", "sideways(-1)", "left", "←", "Scroll back."),
    Key(LOGS, "w", "wrap", "wrap", "w", "Fold long lines on the screen, or let them run on."),
    Key(LOGS, "K", "fields", "fields", "K", "Choose the fields that rows show as columns, or hide."),
    Key(LOGS, "r", "raw", "raw", "r", "Show lines exactly as they are in the file, or laid out."),
    Key(COMMITS, "enter", "open", "diff", "⏎", "Show the commit's message and its diff, file by file.", True),
    Key(COMMITS, "slash", "search", "search", "/", "Search commits: words, author:ana, path:cart.py.", True),
    Key(COMMITS, "d", "show_deploy", "its deploy", "d", "Move the logs to the moment this commit was deployed.", True),
    Key(COMMITS, "x", "clear_search", "show all", "x", "Drop the search or the suspects: list all commits again."),
    Key(COMMITS, "j,down", "cursor_down", "down", "j ↓", "One commit down."),
    Key(COMMITS, "k,up", "cursor_up", "up", "k ↑", "One commit up."),
    Key(COMMITS, "g,home", "first", "newest", "g", "Go to the newest commit."),
    Key(COMMITS, "G,end", "last", "oldest loaded", "G", "Go to the oldest commit that is loaded."),
    Key(HYPOTHESES, "n", "add", "new", "n", "Write down a hypothesis.", True),
    Key(HYPOTHESES, "S", "starters", "usual causes", "S", "Begin with a usual cause, and what speaks for it."),
    Key(HYPOTHESES, "enter", "detail", "detail", "⏎", "Show a hypothesis whole.", True),
    Key(HYPOTHESES, "e", "ask('text')", "edit", "e", "Edit its text.", True),
    Key(HYPOTHESES, "plus,equals_sign", "likelihood(5)", "likelier", "+", "Five per cent likelier.", True),
    Key(HYPOTHESES, "minus", "likelihood(-5)", "less likely", "-", "Five per cent less likely.", True),
    Key(HYPOTHESES, "K,shift+up", "rank(-1)", "rank up", "K", "Move it one place up among its equals."),
    Key(HYPOTHESES, "J,shift+down", "rank(1)", "rank down", "J", "Move it one place down among its equals."),
    Key(HYPOTHESES, "t", "status('testing')", "testing", "t", "Mark it as being tested.", True),
    Key(HYPOTHESES, "c", "ask('confirmed')", "confirmed", "c", "Confirm it, by the observation that decides.", True),
    Key(
        HYPOTHESES,
        "r",
        "ask('refuted')",
        "refuted",
        "r",
        "Refute it, by the observation that decides; then refine it.",
        True,
    ),
    Key(HYPOTHESES, "P", "ask('prediction')", "prediction", "P", "Write what it predicts: if it is true, then …"),
    Key(HYPOTHESES, "x", "ask('experiment')", "experiment", "x", "Test it: $ command, no … for 10m, a check by hand."),
    Key(HYPOTHESES, "X", "experiment", "its output", "X", "Show an experiment of it and what that prints; run it."),
    Key(HYPOTHESES, "R", "ask('observation')", "observe", "R", "Write what its last experiment has shown."),
    Key(HYPOTHESES, "l", "ask('link')", "link evidence", "l", "Say what evidence means for it: E3 for 2."),
    Key(HYPOTHESES, "C", "ask('cost')", "cost", "C", "Say how many minutes a test of it takes."),
    Key(HYPOTHESES, "m", "matrix", "matrix", "m", "Hypotheses × evidence, and what to test next."),
    Key(HYPOTHESES, "p", "status('parked')", "parked", "p", "Park it for later."),
    Key(HYPOTHESES, "o", "status('open')", "open", "o", "Open it again."),
    Key(HYPOTHESES, "delete", "remove", "remove", "del", "Remove it (the journal keeps it)."),
    Key(HYPOTHESES, "j,down", "cursor_down", "down", "j ↓", "One hypothesis down."),
    Key(HYPOTHESES, "k,up", "cursor_up", "up", "k ↑", "One hypothesis up."),
    Key(HYPOTHESES, "g,home", "first", "first", "g", "Go to the first hypothesis."),
    Key(HYPOTHESES, "G,end", "last", "last", "G", "Go to the last hypothesis."),
    Key(NOTES, "escape", "leave", "back", "esc", "Leave the notes; they are saved by themselves.", True),
    Key(NOTES, "ctrl+s", "save", "save now", "^s", "Save at once.", True),
    Key(VIEW, "escape,q", "close", "close", "esc", "Close this and go back.", True),
    Key(VIEW, "j,down", "down", "down", "j ↓", "Scroll down."),
    Key(VIEW, "k,up", "up", "up", "k ↑", "Scroll up."),
    Key(VIEW, "pagedown,space", "page(1)", "page down", "PgDn", "One screen down."),
    Key(VIEW, "pageup,b", "page(-1)", "page up", "PgUp", "One screen up."),
    Key(VIEW, "n,right_square_bracket", "next_file(1)", "next file", "n", "In a diff: the next file."),
    Key(VIEW, "N,left_square_bracket", "next_file(-1)", "previous file", "N", "In a diff: the previous file."),
    Key(VIEW, "o", "code", "code", "o", "In a record: the code its stack trace stands in, and who wrote it.", True),
    Key(CHOOSING, "escape", "close", "close", "esc", "Close the list. Letters narrow it.", True),
    Key(CHOOSING, "enter", "choose", "take", "⏎", "Take the filter there, or save under the typed name.", True),
    Key(CHOOSING, "space", "turn", "show or hide", "space", "Show a field as a column; again: hide it; neither.", True),
    Key(CHOOSING, "delete", "remove", "remove", "del", "Remove the saved filter.", True),
    Key(CHOOSING, "backspace", "erase", "erase", "⌫", "Take back the last letter."),
    Key(CHOOSING, "down", "move(1)", "down", "↓", "One row down."),
    Key(CHOOSING, "up", "move(-1)", "up", "↑", "One row up."),
    Key(CHOOSING, "pagedown", "page(1)", "page down", "PgDn", "One screen down."),
    Key(CHOOSING, "pageup", "page(-1)", "page up", "PgUp", "One screen up."),
    Key(EXPERIMENT, "r", "run", "run again", "r", "Run the experiment, or run it again.", True),
    Key(EXPERIMENT, "s", "stop", "stop", "s", "End it, and all that it has started.", True),
    Key(EVIDENCE, "escape,q", "close", "close", "esc", "Close the list and go back.", True),
    Key(EVIDENCE, "enter", "open", "open", "⏎", "Show an item with all its parts, and whether they are as kept.", True),
    Key(
        EVIDENCE, "l", "show_logs", "in the logs", "l", "Move the logs to the time of its record; in an item too.", True
    ),
    Key(
        EVIDENCE,
        "plus,equals_sign",
        "window(1)",
        "wider",
        "+",
        "Take an item's window anew, wider: 10 min, 20 min, 30 min …",
    ),
    Key(EVIDENCE, "minus", "window(-1)", "narrower", "-", "Take its window anew, narrower; the one before is kept."),
    Key(EVIDENCE, "u", "undo", "undo", "u", "Take back your own last act: what was kept last is hidden again."),
    Key(EVIDENCE, "j,down", "move(1)", "down", "j ↓", "One item down."),
    Key(EVIDENCE, "k,up", "move(-1)", "up", "k ↑", "One item up."),
    Key(EVIDENCE, "pagedown,space", "page(1)", "page down", "PgDn", "One screen down."),
    Key(EVIDENCE, "pageup,b", "page(-1)", "page up", "PgUp", "One screen up."),
    Key(SIGNATURES, "escape,q", "close", "close", "esc", "Close the list and go back.", True),
    Key(SIGNATURES, "enter", "only", "show only it", "⏎", "Show in the logs only the records of this signature.", True),
    Key(
        SIGNATURES,
        "x",
        "hide",
        "hide",
        "x",
        "Hide its records in the logs: it is noise; again: show them.",
        True,
    ),
    Key(SIGNATURES, "n", "since", "new since", "n", "Say since when a signature is new: 10:02, 15m ago.", True),
    Key(SIGNATURES, "l", "show_logs", "in the logs", "l", "Move the logs to the first record of it.", True),
    Key(SIGNATURES, "j,down", "move(1)", "down", "j ↓", "One signature down."),
    Key(SIGNATURES, "k,up", "move(-1)", "up", "k ↑", "One signature up."),
    Key(SIGNATURES, "g,home", "first", "first", "g", "Go to the first signature."),
    Key(SIGNATURES, "G,end", "last", "last", "G", "Go to the last signature."),
    Key(SIGNATURES, "pagedown,space", "page(1)", "page down", "PgDn", "One screen down."),
    Key(SIGNATURES, "pageup,b", "page(-1)", "page up", "PgUp", "One screen up."),
    Key(SCOPE, "escape,q", "close", "close", "esc", "Close the scope and go back.", True),
    Key(SCOPE, "enter", "show_logs", "in the logs", "⏎", "Move the logs to the onset, or to what was noticed.", True),
    Key(
        SCOPE,
        "n",
        "hypothesis",
        "make a hypothesis",
        "n",
        "Make a hypothesis of it, with the finding as evidence.",
        True,
    ),
    Key(SCOPE, "o", "only", "only these", "o", "Show in the logs only the records of what goes wrong.", True),
    Key(SCOPE, "r", "again", "look again", "r", "Look through all records again.", True),
    Key(SCOPE, "y", "copy", "copy", "y", "Copy the page, to be pasted into a chat; over SSH too (OSC 52, tmux).", True),
    Key(SCOPE, "j,down", "move(1)", "down", "j ↓", "One row down."),
    Key(SCOPE, "k,up", "move(-1)", "up", "k ↑", "One row up."),
    Key(GUIDE, "escape,q", "close", "close", "esc", "Close the guide and go back.", True),
    Key(
        GUIDE,
        "enter",
        "choose",
        "open",
        "⏎",
        "Go to where a step is done; note what a check found; ask for help.",
        True,
    ),
    Key(GUIDE, "space", "tick", "tick", "space", "Tick a check, or take the tick away.", True),
    Key(
        GUIDE, "B", "mitigate", "mitigation", "B", "Say what was done to stop it, or that nothing can or need be.", True
    ),
    Key(
        GUIDE, "w", "write_brief", "write brief", "w", "Write a brief for a colleague to a file in the incident.", True
    ),
    Key(GUIDE, "y", "copy_brief", "copy brief", "y", "Copy the brief; over SSH too (OSC 52, tmux).", True),
    Key(GUIDE, "u", "undo", "undo", "u", "Take back your last tick, or whatever you did last.", True),
    Key(GUIDE, "j,down", "move(1)", "down", "j ↓", "One row down."),
    Key(GUIDE, "k,up", "move(-1)", "up", "k ↑", "One row up."),
    Key(GUIDE, "pagedown", "page(1)", "page down", "PgDn", "One screen down."),
    Key(GUIDE, "pageup", "page(-1)", "page up", "PgUp", "One screen up."),
    Key(TRACE, "escape,q", "close", "close", "esc", "Close the trace and go back.", True),
    Key(TRACE, "enter", "show_logs", "in the logs", "⏎", "Move the logs to the record of the step.", True),
    Key(TRACE, "n", "next_failing", "next failing", "n", "Go to the next trace that failed with the same error.", True),
    Key(TRACE, "b", "compare", "a good one", "b", "Compare with one that went well; again: this one alone.", True),
    Key(TRACE, "y", "copy", "copy", "y", "Copy the path as text for a chat; over SSH too (OSC 52, tmux).", True),
    Key(TRACE, "r", "again", "look again", "r", "Look again, for what was written or indexed since."),
    Key(TRACE, "j,down", "move(1)", "down", "j ↓", "One step down."),
    Key(TRACE, "k,up", "move(-1)", "up", "k ↑", "One step up."),
    Key(TRACE, "pagedown,space", "page(1)", "page down", "PgDn", "One screen down."),
    Key(TRACE, "pageup", "page(-1)", "page up", "PgUp", "One screen up."),
    Key(TRACE, "g,home", "ends(0)", "first", "g", "Go to the first step."),
    Key(TRACE, "G,end", "ends(1)", "last", "G", "Go to the last step, where it stopped."),
    Key(COMPARE, "escape,q", "close", "close", "esc", "Close the comparison and go back.", True),
    Key(COMPARE, "enter", "only", "show only these", "⏎", "Show in the logs only the records that meet it.", True),
    Key(
        COMPARE,
        "b",
        "other_way",
        "before and after",
        "b",
        "What came after the cursor against what was before; again: by the filter.",
        True,
    ),
    Key(COMPARE, "y", "copy", "copy", "y", "Copy the comparison as text; over SSH too (OSC 52, tmux).", True),
    Key(COMPARE, "r", "again", "look again", "r", "Compare again, with what was written or found since."),
    Key(COMPARE, "j,down", "move(1)", "down", "j ↓", "One row down."),
    Key(COMPARE, "k,up", "move(-1)", "up", "k ↑", "One row up."),
    Key(ANYWHERE, "1", "pane('logs')", "logs", "1", "Go to the logs."),
    Key(ANYWHERE, "2", "pane('commits')", "commits", "2", "Go to the commits."),
    Key(ANYWHERE, "3", "pane('hypotheses')", "hypotheses", "3", "Go to the hypotheses."),
    Key(ANYWHERE, "4", "pane('notes')", "notes", "4", "Go to the notes, and write."),
    Key(ANYWHERE, "a", "note", "note", "a", "Add a time-stamped line to the notes without leaving the pane.", True),
    Key(ANYWHERE, "h", "hypothesis", "hypothesis", "h", "Write down a hypothesis without leaving the pane.", True),
    Key(ANYWHERE, "question_mark,f1", "help", "help", "?", "What every key does.", True),
    Key(ANYWHERE, "V", "evidence", "evidence", "V", "All evidence: what was captured, kept from a shell, or run."),
    Key(
        ANYWHERE,
        "s",
        "scope",
        "scope",
        "s",
        "What went wrong: since when, and is it the deploy, data, load, a dependency?",
        True,
    ),
    Key(ANYWHERE, "I", "signatures", "signatures", "I", "All signatures of the records: new ones first, rising next."),
    Key(ANYWHERE, "D", "compare", "compare", "D", "What tells the records shown from the others."),
    Key(ANYWHERE, "H", "guide", "guide", "H", "How to go on: the eight steps, the gotchas, and what helps when stuck."),
    Key(
        ANYWHERE, "ctrl+g", "guide_line", "guide line", "^g", "Show the guide's line in the header, or not; remembered."
    ),
    Key(ANYWHERE, "B", "mitigate", "mitigation", "B", "What was done to stop it (rolled back, flag off): a marker."),
    Key(ANYWHERE, "m", "mark", "mark", "m", "Set a marker on the timeline at the cursor's time (or now)."),
    Key(ANYWHERE, "left_square_bracket", "marker(-1)", "earlier marker", "[", "Move the logs to the marker before."),
    Key(ANYWHERE, "right_square_bracket", "marker(1)", "later marker", "]", "Move the logs to the marker after."),
    Key(ANYWHERE, "comma", "span(-1)", "longer", ",", "Show a longer time on the timeline."),
    Key(ANYWHERE, "full_stop", "span(1)", "shorter", ".", "Show a shorter time on the timeline."),
    Key(ANYWHERE, "u", "undo", "undo", "u", "Take back what you did last to a hypothesis, a marker or evidence."),
    Key(ANYWHERE, "z", "zoom", "zoom", "z", "The pane you are in takes the whole screen, and back."),
    Key(ANYWHERE, "T", "times", "times", "T", "Times of the host, in UTC; in the logs also from now or the row above."),
    Key(ANYWHERE, "colon,ctrl+p", "command_palette", "commands", ":", "Find any command by its name.", True),
    Key(ANYWHERE, "q", "quit_asking", "quit", "q", "Quit; asks for a second q. Everything is on disk already."),
    Key(ANYWHERE, "ctrl+q", "quit", "quit at once", "^q", "Quit at once."),
)


MOVES = ("move", "page", "begin", "end", "sideways", "select", "drop_selection")
"""Actions of the logs that the list of rows itself carries out, not the pane around it."""


def bindings(place: str, *, moves: bool = False) -> list[Binding]:
    """The bindings of a place, in the order in which its footer shows them. `moves`: only those of MOVES, for logs."""
    wanted = [key for key in KEYS if key.place == place]
    if place == LOGS:
        wanted = [key for key in wanted if (key.action.partition("(")[0] in MOVES) == moves]
    return [key.binding() for key in wanted]


def places() -> Iterable[tuple[str, list[Key]]]:
    """The places and their keys, for help."""
    for place in (
        LOGS,
        COMMITS,
        HYPOTHESES,
        NOTES,
        VIEW,
        CHOOSING,
        EVIDENCE,
        EXPERIMENT,
        GUIDE,
        SCOPE,
        SIGNATURES,
        TRACE,
        COMPARE,
        ANYWHERE,
    ):
        yield place, [key for key in KEYS if key.place == place]


def markdown() -> str:
    """The table of keys as the README shows it."""
    lines = ["| Where | Key | What it does |", "|---|---|---|"]
    for place, keys in places():
        lines += [f"| {place} | `{key.shown}` | {key.help} |" for key in keys]
    return "\n".join(lines)
