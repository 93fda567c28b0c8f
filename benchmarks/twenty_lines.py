"""What twenty lines of Textual give: a table of 500 x 12. The yardstick of the first painted frame."""

from textual.app import App, ComposeResult
from textual.widgets import DataTable


class TwentyLines(App[None]):
    def compose(self) -> ComposeResult:
        yield DataTable()

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns(*(f"L{number}" for number in range(12)))
        for row in range(500):
            table.add_row(*(f"{row * 12 + column}" for column in range(12)))


if __name__ == "__main__":
    TwentyLines().run()
