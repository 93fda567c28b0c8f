"""When an app under test is at rest: nothing is left to do on its thread, whatever is computed behind the screen.

Textual waits instead until the whole process has been idle for some 20 ms, twice after every key: most of what these
tests would take.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from textual.pilot import Pilot

from balance_tui.tui.frame import Frame

_POLL = 0.002


async def still(min_sleep: float = 0, max_sleep: float = 0) -> None:
    """Until all that was posted has been done, and all that this posted: as `textual._wait.wait_for_idle`."""
    _ = min_sleep, max_sleep
    waiting = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
    await asyncio.sleep(0)
    while waiting:
        await asyncio.sleep(0)


async def drawn(pilot: Pilot[Any], delay: float | None = None) -> None:
    """Until the screen is drawn too, the keys are taken to have come to rest, and what follows is done: as
    `Pilot.pause`."""
    app = pilot.app
    await asyncio.sleep(delay or 0)
    await still()
    while app._exception is None:
        if app._resize_timer is not None:
            await asyncio.sleep(_POLL)
        elif app.screen._update_timer._active.is_set():
            app.screen._on_timer_update()
        elif isinstance(app, Frame) and app._settling:
            app.call_later(app._settled)
        else:
            return
        await still()


def _settle(app: Frame) -> None:
    """Keys come to rest when the test does, not by the clock."""
    app._settling = True


def hurry(patch: pytest.MonkeyPatch) -> None:
    """Apps under test are waited for no longer than they have something to do."""
    patch.setattr("textual.app.wait_for_idle", still)
    patch.setattr("textual.pilot.wait_for_idle", still)
    patch.setattr(Pilot, "pause", drawn)
    patch.setattr(Frame, "settle", _settle)
