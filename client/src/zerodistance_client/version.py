"""This package's version, as pyproject.toml names it (a test holds the two together)."""

__version__ = "0.4.0"
