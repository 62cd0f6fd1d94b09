"""Text from data in a label of ours: the same letters, and nothing Markdown could act on."""

import pytest

from scorecard.ui_frame import escape


def shown(text: str) -> str:
    """What people see of escaped text."""
    return text.replace("\\", "").replace("\u2060", "")


@pytest.mark.parametrize("text", ["**b** [x](http://a.example)", "www.a.example", "# h", "a@b.example", "50% > 3 | x"])
def test_the_letters_stay(text: str) -> None:
    assert shown(escape(text)) == text


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see HTTPS://a.example", "HTTPS://"),
        ("http://a.example", "http://"),
        ("WWW.a.example", "WWW."),
        ("a@b.example", "a@"),
    ],
)
def test_no_address_is_left_to_become_a_link(text: str, address: str) -> None:
    assert address not in escape(text).replace("\\", "")
