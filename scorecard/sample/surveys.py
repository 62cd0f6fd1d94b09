"""What customers answer when asked whether they would recommend the product."""

from dataclasses import dataclass

import numpy as np

from scorecard.sample import world
from scorecard.sample.clock import DAY, Ints, next_working_day, office_minute
from scorecard.sample.hazards import WON
from scorecard.sample.people import People


@dataclass(frozen=True)
class Answers:
    """One entry an answer, in order of time."""

    at: Ints
    person: Ints
    score: Ints
    comment: Ints
    wave: Ints


def draw_answers(rng: np.random.Generator, people: People) -> Answers:
    """Customers are asked a month and half a year after the win; better sources make happier customers."""
    parts = []
    customers = np.flatnonzero((people.outcome == WON) & people.has_email)
    for wave, (days, share) in enumerate(((30, 0.55), (190, 0.40))):
        asked = customers[rng.random(customers.size) < share]
        late = rng.integers(0, 21, asked.size)
        at = people.decided_at[asked] // DAY * DAY + (days + late) * DAY + office_minute(rng, asked.size)
        parts.append((next_working_day(at), asked, np.full(asked.size, wave)))
    at, person, wave = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    mean = np.array([source.nps for source in world.SOURCES])[people.source[person]]
    slow = people.follow[person] >= 2  # whoever waited for days is a little less happy
    score = np.rint(mean - 0.7 * slow + 1.9 * rng.standard_normal(at.size)).clip(0, 10).astype(np.int64)
    order = np.lexsort((person, at))
    comment = rng.integers(0, len(world.COMMENTS), at.size)
    return Answers(*(column[order] for column in (at, person, score, comment, wave)))
