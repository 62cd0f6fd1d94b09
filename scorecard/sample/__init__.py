"""Made-up exports of a made-up company, as the vendors write them, with the truth that was planted in them."""

from scorecard.sample.generate import generate

__all__ = ["generate"]
