"""A local stand-in for the Ottu payment platform."""

__version__ = "0.1.0"
