"""Every headline of every page opens a proof, and what the proofs claim to add up does, whatever the page asked."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Button, Subheader

from scorecard import queries
from scorecard.errors import NotComputableError
from scorecard.export.proofs import facts_of, proof_of, prove, wrong
from scorecard.filters import Filters
from scorecard.store import Store
from tests.pages.test_proof import QUARTER, asking_of
from tests.pages.test_what_changed_page import weeks_store  # noqa: F401  (a fixture)

VIEWS: dict[str, tuple[str, tuple[str, ...]]] = {
    "": ("show", ("Board", "Joint scorecard", "Signals", "Goal tree")),
    "what_changed": ("", ("",)),
    "sourced_revenue": ("view", ("Who sourced it", "Attribution", "Return on spend", "Customer")),
    "close_probability": ("part", ("Win curves", "Open deals", "The quarter", "How good were we?")),
    "video": ("part", ("Funnel", "Depth", "Does it sell?", "Who to call", "Revenue")),
    "hand_off": ("view", ("Follow-up", "To call", "Who dropped what", "Quality loop", "Stages")),
    "growth": ("view", ("Acquisition", "Retention", "Voice", "Friction", "Claims")),
    "meeting": ("screen", ("Start", "Actions", "Signals", "What changed", "The quarter", "To call", "Decisions")),
}
MORE = {"Claims": {"aligned": "2026-02-01"}, "Customer": {"deal": "508785"}}
# What people typed, and forms: no number of the data is in them.
TYPED = ("Numbers to", "No meeting has been kept", "No action of an earlier", "What do we do")
# Their rows are the records, or single counts out of a statement straight on the facts: nothing else adds up to them.
BARE = {
    "attempts_before_giving_up",
    "credited_deals",
    "customer_deal",
    "customer_timeline",
    "customer_value",
    "hand_off_people",
    "lead_stages",
    "reference_candidates",
    "source_agreement",
    "sourced_deals",
    "velocity",
    "video_depth",
    "video_hot_people",
    "video_sent",
    "video_stages",
    "video_summary",
    "video_watched",
}
Note = Mapping[str, Any]


def heads(block: Block, above: Block | None = None) -> list[tuple[str, bool]]:
    """Each headline below a block, and whether a button beside it opens its proof."""
    found = []
    for child in block.children.values():
        if isinstance(child, Subheader):
            beside = above.children.values() if above else ()
            found.append((child.value, any(isinstance(one, Button) and _proves(one) for one in beside)))
        elif isinstance(child, Block):
            found += heads(child, block)
    return found


def _proves(button: Button) -> bool:
    return str(button.key).startswith("proof_")


@pytest.fixture(scope="module")
def offered() -> dict[str, Note]:
    """The proofs that the pages offered, one a report."""
    return {}


@pytest.mark.parametrize("page", VIEWS)
def test_every_headline_opens_its_proof(
    page: str,
    open_app: Callable[..., AppTest],
    sample_store: Path,
    weeks_store: Path,  # noqa: F811
    offered: dict[str, Note],
) -> None:
    key, names = VIEWS[page]
    for name in names:
        store = weeks_store if "changed" in f"{page} {name}" else sample_store  # one that has an earlier state
        app = open_app(store, page, **({key: name} if key else {}), **MORE.get(name, {}))
        assert not app.exception
        told = heads(app.main)
        assert told, name
        assert [text for text, proves in told if not proves and not text.startswith(TYPED)] == [], name
        for note in app.session_state["run"].proofs:
            offered.setdefault(note["name"], {**note, "store": store})


def test_what_the_drawers_open_adds_up_or_names_what_it_is_worked_out_from(
    offered: dict[str, Note],
) -> None:
    """After the test above: each report the pages prove, asked anew as its drawer does."""
    checked, bare = 0, []
    for name, note in offered.items():
        if name.startswith("metric_"):
            continue  # proved by their records, which other tests add up
        given = {**Filters().to_params(), **note["params"]}
        try:
            found = prove(asking_of(Store(note["store"])), name, given, note["before"], QUARTER)
        except NotComputableError:
            continue  # the drawer says which file would bring it
        assert wrong(found.checks) == [], name
        checked += bool(found.checks)
        if not found.checks and not proof_of(name).records and not facts_of(queries.find(name)):
            bare.append(name)
    assert checked >= 22
    assert set(bare) == BARE
