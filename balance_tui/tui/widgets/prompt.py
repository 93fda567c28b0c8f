"""One line of typed text at the bottom: a search, a filter, a name."""

from __future__ import annotations

from rich.text import Text
from textual import events
from textual._styles_cache import StylesCache
from textual.geometry import Offset
from textual.widgets import Input

from ..cells import width


class Prompt(Input):
    """Textual's input in one line without a frame. Keys that the prompt does not use are the app's."""

    DEFAULT_CSS = """
    Prompt, Prompt:focus {
        width: 1fr; height: 1; border: none; padding: 0; background: ansi_default; color: ansi_default;
        & > .input--cursor { background: ansi_default; color: ansi_default; text-style: reverse; }
        & > .input--placeholder { color: ansi_default; text-style: dim; }
        & > .input--selection { background: ansi_default; text-style: reverse; }
    }
    """

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the cursor stands on the screen; of one at the end of the line Textual says the cell behind it."""
        region = self.content_region
        x = self._position_to_cell(self.cursor_position) - self.scroll_offset.x
        return Offset(region.x + min(max(x, 0), max(region.width - 1, 0)), region.y)

    def on_unmount(self) -> None:
        """Nothing is kept of a line that was typed. Textual's signal would keep whoever it tells for ever; its cache
        of colours keeps the drawn lines of every widget there was, until a thousand others have followed."""
        self.screen.text_selection_started_signal.unsubscribe(self)
        StylesCache.get_inner_outer.cache_clear()

    async def take(self, event: events.Key) -> None:
        """Do to the line what a key does; Textual would do the keys that type before those that move or delete."""
        bound = self._bindings.key_to_bindings.get(event.key)
        if bound:
            await self.app.run_action(bound[0].action, self)
        else:
            await self._on_key(event)

    def place_cursor(self) -> None:
        """Put the terminal's own cursor where one types, so that an input method opens there; Textual does so
        before the line has its place on the screen."""
        self.app.cursor_position = self.cursor_screen_offset

    def watch_scroll_x(self, old_value: float, new_value: float) -> None:
        """A long line moves below the cursor."""
        super().watch_scroll_x(old_value, new_value)
        self.place_cursor()

    def on_paste(self, event: events.Paste) -> None:
        """Take the first line that says something, where Textual takes the first."""
        event.prevent_default()
        event.stop()
        lines = (line.strip() for line in event.text.splitlines())
        self.replace(next((line for line in lines if line), ""), *sorted(self.selection))

    @property
    def _value(self) -> Text:
        """The line as Textual draws it."""
        return Text(_drawn(self.value), no_wrap=True, overflow="ignore", end="")

    def _position_to_cell(self, position: int) -> int:
        """Where on the line Textual draws a character."""
        return width(_drawn(self.value[:position]))


def _drawn(text: str) -> str:
    """What was pasted, or stood in a cell of the data, with a sign for each character that a terminal would obey."""
    return "".join(each if each.isprintable() else "?" for each in text)
