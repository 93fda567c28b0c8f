"""How polars is asked to run a query that is already written as it should run."""

from __future__ import annotations

import polars as pl

AS_WRITTEN = pl.QueryOptFlags.none().update(comm_subexpr_elim=True)
"""For plans of one frame without a join: planning a county's figures takes longer than working them out, and there is
nothing to push down."""
