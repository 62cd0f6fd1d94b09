"""Addresses are masked everywhere; names only on a shared screen."""

import pandas as pd

from scorecard.masking import mask_email, mask_name, masked


def test_an_address_keeps_its_domain_only() -> None:
    assert mask_email("write to anna.bell@acme.co.uk now") == "write to a•••@acme.co.uk now"
    assert mask_email("no address") == "no address"


def test_a_name_keeps_its_initials() -> None:
    assert mask_name("Anna Maria Bell") == "A. M. B."
    assert mask_name("Acme Ltd – 2nd (renewal)") == "A. L. – 2. R."


def test_addresses_are_masked_in_any_column_and_names_only_in_the_meeting() -> None:
    frame = pd.DataFrame({"name": ["Anna Bell"], "note": ["ask bob@x.io"], "amount": [5]})
    alone = masked(frame).iloc[0].tolist()
    together = masked(frame, names_too=True).iloc[0].tolist()
    assert alone == ["Anna Bell", "ask b•••@x.io", 5]
    assert together == ["A. B.", "ask b•••@•••", 5], "the domain of an address is a company's name"
    rows = pd.DataFrame({"entity": ["person", "deal", "campaign"], "label": ["Anna Bell", "Acme renewal", "Spring"]})
    assert masked(rows, names_too=True)["label"].tolist() == ["A. B.", "A. R.", "Spring"]
    assert masked(rows)["label"].tolist() == ["Anna Bell", "Acme renewal", "Spring"]
    deals = pd.DataFrame({"deal_name": ["Acme renewal"], "company": ["Acme"], "owner": ["Ann Lee"]})
    assert masked(deals, names_too=True).iloc[0].tolist() == ["A. R.", "A.", "Ann Lee"], "the team keeps its names"
    assert masked(deals).iloc[0].tolist() == ["Acme renewal", "Acme", "Ann Lee"]
    assert frame["note"][0] == "ask bob@x.io"
