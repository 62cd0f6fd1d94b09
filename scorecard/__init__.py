"""The joint revenue scorecard: exports in, one agreed page of numbers out."""

__version__ = "0.3.0"
DEFINITIONS_VERSION = "2026-11-28e"
