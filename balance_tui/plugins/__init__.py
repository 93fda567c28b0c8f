"""Plugins: found by their manifests, which cannot execute anything; code is loaded only where a standard, a file or
a command needs it, and behind a wall.

The package stands below standards, data and engine: `shelf` and `manifest` import neither polars nor pydantic.
"""
