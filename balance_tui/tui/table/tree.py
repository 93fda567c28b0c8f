"""A frame in pre-order as a tree: what lies under what, which rows have branches, what a fold hides."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

import polars as pl


class Tree:
    """The branches of rows of these depths; rows go by their number. A row lies under the nearest row before it
    that is less deep."""

    def __init__(self, depths: pl.Series) -> None:
        self.depths = depths.fill_null(0).cast(pl.Int32).clip(0).rename("depth")

    @cached_property
    def has_branches(self) -> pl.Series:
        """Which rows have rows under them."""
        return (self.depths.shift(-1) > self.depths).fill_null(False)

    @cached_property
    def has_folds(self) -> bool:
        """Whether any row has rows under it, so that all leave room for a sign of folding."""
        return self.has_branches.any()

    def indent(self, depth: int) -> int:
        """The cells before the text of a row of this depth, the sign of folding included."""
        return 2 * depth + (2 if self.has_folds else 0)

    @cached_property
    def deepest(self) -> int:
        """The greatest depth."""
        return max(self.depths.unique().to_list(), default=0)

    @cached_property
    def _lineage(self) -> pl.DataFrame:
        """For every depth the row of that depth which a row is or lies under; -1 where there is none."""
        depth, number = pl.col("depth"), pl.int_range(pl.len(), dtype=pl.Int32)
        levels = [
            pl.when(depth == level).then(number).when(depth < level).then(-1).forward_fill().fill_null(-1).alias(str(level))
            for level in range(self.deepest + 1)
        ]  # fmt: skip
        return self.depths.to_frame().select(levels)

    def with_ancestors(self, mask: pl.Series) -> pl.Series:
        """The rows of a mask and all they lie under."""
        kept = self._lineage.filter(mask)
        rows = pl.concat([kept[name] for name in kept.columns]).unique()
        return pl.select(pl.int_range(len(mask), dtype=pl.Int32).is_in(rows.implode())).to_series()

    def ordered(self, flat: pl.Series) -> pl.Series:
        """The rows so that each stands behind what it lies under, and those side by side in the order of `flat`."""
        places = pl.DataFrame({"row": flat, "place": pl.int_range(len(flat), dtype=pl.Int32, eager=True)})
        place = places.sort("row")["place"]
        paths = [
            pl.when(pl.col(name) < 0)
            .then(-1)
            .otherwise(pl.lit(place).gather(pl.col(name).clip(0)))
            .alias(name)
            for name in self._lineage.columns
        ]
        path = self._lineage.select(paths)
        return path.select(pl.arg_sort_by(path.columns).cast(pl.Int32)).to_series() if paths else flat

    def unfolded(self, rows: pl.Series, folds: Collection[int]) -> pl.Series:
        """The rows that lie under none of these."""
        closed = pl.Series(list(folds), dtype=pl.Int32).implode()
        above = [
            pl.col(name).is_in(closed) & (pl.lit(self.depths) > int(name)) for name in self._lineage.columns
        ]
        hidden = self._lineage.select(pl.any_horizontal(above)).to_series()
        return rows.filter(~hidden.gather(rows))
