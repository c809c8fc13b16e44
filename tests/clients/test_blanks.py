"""A text never goes out with a blank in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.blanks import Unresolved, blanks_of, filled, is_malformed


def test_blanks_are_named_once_in_reading_order() -> None:
    assert blanks_of("À {{Ville}}, le {{ jour }}.", "{{ville}} encore, {{  }}") == ("ville", "jour")


def test_a_text_is_filled_in() -> None:
    said = filled("À {{ Ville }}, le {{jour}}\u00a0: {{ville}}.", {"ville": " Saint-\nMalo ", "jour": "12 mai"})
    assert said == "À Saint- Malo, le 12 mai\u00a0: Saint- Malo."


@pytest.mark.parametrize("value", ["", "  ", "{{jour}}", "}"])
def test_an_empty_or_braced_value_blocks(value: str) -> None:
    with pytest.raises(Unresolved) as refusal:
        filled("À {{ville}}", {"ville": value})
    assert refusal.value.names == ("ville",)


@pytest.mark.parametrize("text", ["À {{ville}", "À ville}}", "{{}}", "{{ }}", "{{" + "x" * 70 + "}}", "{{a\nb}}"])
def test_braces_that_make_no_blank_block(text: str) -> None:
    assert is_malformed(text)
    with pytest.raises(Unresolved):
        filled(text, {"ville": "Brest"})


@given(st.text(alphabet="{} aé\n\0🙂\u202e", max_size=200), st.text(max_size=30))
def test_what_goes_out_never_holds_a_blank(text: str, value: str) -> None:
    try:
        said = filled(text, dict.fromkeys(blanks_of(text), value))
    except Unresolved:
        return
    assert not blanks_of(said) and "{{" not in said and "}}" not in said


def test_a_hostile_length_takes_no_time() -> None:
    assert is_malformed("{{" * 50_000) and blanks_of("{{a}}" * 50_000) == ("a",)
