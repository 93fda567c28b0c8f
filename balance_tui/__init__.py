"""Judges whether a county's compulsory education is balanced and of high quality."""

__version__ = "0.1.0"
