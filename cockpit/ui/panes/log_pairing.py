"""Others in the logs pane: going where a colleague goes, and pointing at a record so that it lights up for all."""

from __future__ import annotations

from cockpit.incident.presence import Person, Place
from cockpit.logs.file import LogFile
from cockpit.logs.levels import Level
from cockpit.logs.parts import record_at_byte
from cockpit.logs.printable import printable, text_of
from cockpit.logs.view import Row
from cockpit.session import Session
from cockpit.ui.widgets.log_view import LogView

_SHORT = 72  # letters of a record that a message shows
_TEXT = 160  # bytes of a record that others are told


class Pairing:
    """Tells the others where the cursor stands, follows one of them, and lights up what anybody points at."""

    def __init__(self, session: Session, rows: LogView) -> None:
        self._session = session
        self._people = session.incident.people
        self._rows = rows
        self._followed: Person | None = None
        self._put: Row | None = None  # where following has put the cursor; None: at the end
        self._points: dict[str, Place] = {}  # by whom, as last seen
        self._unfound = False

    @property
    def followed(self) -> str:
        """Who is followed, or nobody: empty."""
        return self._followed.name if self._followed is not None else ""

    def moved(self, by_person: bool) -> None:
        """The cursor stands elsewhere, or the logs follow their end or no longer."""
        if by_person and not self._is_put():
            self._followed = None
        if by_person:
            place = self._place(self._rows.cursor)
            if place is not None:
                self._people.stand_at(place)

    def follow_next(self) -> None:
        """Follow the first colleague; the next of them where one is followed; after the last, nobody."""
        others = self._people.others
        if not others:
            self._tell("Nobody else has this incident open.")
            return
        at = next((nth for nth, each in enumerate(others) if each.is_who(self._followed)), -1)
        if at + 1 == len(others):
            self._followed = None
            self._tell("Following nobody now.")
            return
        self._followed = others[at + 1]
        where = "" if self._followed.place is not None else f"; {self.followed} has not moved in the logs yet"
        self._tell(f"Going where {self.followed} goes, until you move yourself{where}.")
        self._go()

    def point(self) -> None:
        """Point at the record at the cursor, or no longer where it is that one already."""
        place = self._place(self._rows.cursor)
        if place is None:
            return
        pointed = self._people.pointed
        again = pointed is not None and (pointed.file, pointed.byte) == (place.file, place.byte)
        self._people.point_at(None if again else place)
        self._light_up()
        if not again and not self._people.others:
            self._tell("Pointed at; nobody else has this incident open to see it.")

    def people_changed(self) -> None:
        """Go along with the one who is followed, and show what is pointed at."""
        for person in self._people.others:
            known = self._points.get(person.by)
            if person.point is not None and person.point != known:
                how = "" if person.is_who(self._followed) else f"; F follows {person.name}"
                self._tell(f"{person.name} points at {_short(person.point)}{how}.")
        self._points = {each.by: each.point for each in self._people.others if each.point is not None}
        followed, before = self._followed, self._followed
        if followed is not None:
            self._followed = next((each for each in self._people.others if each.is_who(followed)), None)
            if self._followed is None:
                self._tell(f"{followed.name} has left.")
            elif before is not None and self._followed.place != before.place:
                self._go()
        self._light_up()

    def rows_changed(self) -> None:
        """What was not indexed may be now."""
        if self._unfound:
            self._light_up()

    def _go(self) -> None:
        place = self._followed.place if self._followed is not None else None
        if place is None or self._followed is None:
            return
        row = self._row_of(place, self._followed.host)
        if place.end:
            self._rows.follow()
        elif row is not None:
            self._rows.move_to_row(row)
        else:
            with self._session.desk.shown.lock:
                position = self._session.desk.shown.view.position_at(place.at)
            self._rows.move_to(position, centre=True)
        self._put = None if place.end else self._rows.cursor

    def _is_put(self) -> bool:
        """Whether the cursor is where following has put it."""
        return self._rows.following if self._put is None else self._rows.cursor == self._put

    def _light_up(self) -> None:
        """Find the records that are pointed at, and draw them so."""
        host, own = self._people.host, self._people.pointed
        points = [(each.name, each.point, each.host) for each in self._people.others if each.point is not None]
        points += [("you", own, host)] if own is not None else []
        found = [(name, self._row_of(place, where)) for name, place, where in points]
        self._unfound = any(row is None for _, row in found)
        self._rows.painter.points = {(row.file, row.number): name for name, row in found if row is not None}
        self._rows.redraw()

    def _place(self, row: Row | None) -> Place | None:
        """What others are told of a record."""
        span = row.file.index.span(row.number) if row is not None else None
        if row is None or span is None:
            return None
        text = text_of(row.file.read(row.number, _TEXT).split(b"\n", 1)[0])
        source = self._session.desk.sources.of(row.file).name
        return Place(source, _named(row.file), span[0], row.key, printable(text), self._rows.following)

    def _row_of(self, place: Place, host: str) -> Row | None:
        """The record that another means: in the same file of the same host, else in the source of that name."""
        files = self._session.desk.sources.files()
        same = [file for file in files if host == self._people.host and _named(file) == place.file]
        named = [file for file in files if self._session.desk.sources.of(file).name == place.source]
        for file in same or named:
            number = record_at_byte(file.index.parts(), place.byte)
            if number is not None and (same or file.index.key_of(number) == place.at):
                facts = file.index.facts(number)
                if facts is not None:
                    return Row(file, number, file.index.key_of(number), Level(facts[1]))
        return None

    def _tell(self, sentence: str) -> None:
        self._rows.notify(sentence, markup=False)


def _named(file: LogFile) -> str:
    return "-".join(f"{number:x}" for number in file.identity)


def _short(place: Place) -> str:
    text = place.text[:_SHORT].rstrip()
    return f"{place.source}: {text}{'…' if len(place.text) > _SHORT else ''}"
