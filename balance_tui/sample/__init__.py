"""A made-up sample: four counties over two years, about sixty schools each, in two layouts.

Nothing in it comes from a real place. The names say so (示例省, 示例甲县 …), the workbooks carry the
notice in their title row, and whoever shows the sample shows `NOTICE` with it.
"""

from .expected import EXPECTED, Verdict, counties
from .notice import NOTICE
from .write import Layout, write

__all__ = ["EXPECTED", "NOTICE", "Layout", "Verdict", "counties", "write"]
