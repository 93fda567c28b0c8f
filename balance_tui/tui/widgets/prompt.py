"""One line of typed text at the bottom: a search, a filter, a name."""

from __future__ import annotations

from textual.widgets import Input


class Prompt(Input):
    """Textual's input in one line without a frame. Keys that the prompt does not use are the app's."""

    DEFAULT_CSS = """
    Prompt, Prompt:focus {
        height: 1; border: none; padding: 0; background: ansi_default; color: ansi_default;
        & > .input--cursor { background: ansi_default; color: ansi_default; text-style: reverse; }
        & > .input--placeholder { color: ansi_default; text-style: dim; }
        & > .input--selection { background: ansi_default; text-style: reverse; }
    }
    """

    def place_cursor(self) -> None:
        """Put the terminal's own cursor where one types, so that an input method opens there; Textual does so
        before the line has its place on the screen."""
        self.app.cursor_position = self.cursor_screen_offset
