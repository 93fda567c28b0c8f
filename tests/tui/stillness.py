"""When an app under test is at rest: nothing is left to do on its thread, whatever is computed behind the screen.

Textual waits instead until the whole process has been idle for some 20 ms, after every key and twice: most of what
these tests would take.
"""

from __future__ import annotations

import asyncio

import pytest

SETTLED = 0.002
"""Seconds without a key after which the app describes where one is; the real one stands in `tui.frame`."""


async def still(min_sleep: float = 0, max_sleep: float = 0) -> None:
    """Until all that was posted has been done, and all that this posted. In place of `textual._wait.wait_for_idle`."""
    _ = min_sleep, max_sleep
    waiting = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
    await asyncio.sleep(0)
    while waiting:
        await asyncio.sleep(0)


def hurry(patch: pytest.MonkeyPatch) -> None:
    """Apps under test wait for nothing but what they have to do."""
    patch.setattr("textual.app.wait_for_idle", still)
    patch.setattr("textual.pilot.wait_for_idle", still)
    patch.setattr("balance_tui.tui.frame.SETTLED", SETTLED)
