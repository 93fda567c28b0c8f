"""What a person can do: functions of the app, registered as actions where they are written."""

from __future__ import annotations

from importlib import import_module

MODULES = (
    "moving",
    "places",
    "arranging",
    "explaining",
    "copying",
    "mapping",
    "standards",
    "editing",
    "keeping",
    "program",
)
"""Modules of actions, in the order the documentation lists them."""


def load_all() -> None:
    """Import every module of actions, so that the registry is whole."""
    for name in MODULES:
        import_module(f".{name}", __package__)
