"""Addresses are masked everywhere; names only on a shared screen."""

import pandas as pd

from scorecard.masking import mask_email, mask_name, masked


def test_an_address_keeps_its_domain_only() -> None:
    assert mask_email("write to anna.bell@acme.co.uk now") == "write to a•••@acme.co.uk now"
    assert mask_email("no address") == "no address"


def test_a_name_keeps_its_initials() -> None:
    assert mask_name("Anna Maria Bell") == "A. M. B."


def test_addresses_are_masked_in_any_column_and_names_only_in_the_meeting() -> None:
    frame = pd.DataFrame({"name": ["Anna Bell"], "note": ["ask bob@x.io"], "amount": [5]})
    alone = masked(frame).iloc[0].tolist()
    together = masked(frame, names_too=True).iloc[0].tolist()
    assert alone == ["Anna Bell", "ask b•••@x.io", 5]
    assert together == ["A. B.", "ask b•••@x.io", 5]
    rows = pd.DataFrame({"entity": ["person", "deal"], "label": ["Anna Bell", "Acme renewal"]})
    assert masked(rows, names_too=True)["label"].tolist() == ["A. B.", "Acme renewal"]
    assert masked(rows)["label"].tolist() == ["Anna Bell", "Acme renewal"]
    assert frame["note"][0] == "ask bob@x.io"
