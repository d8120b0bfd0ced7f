import pytest

from survey_service.domain.piping import Pipe, fill_text, mask_fact, piped_names, split_text


def test_a_text_is_split_at_the_places_of_answers() -> None:
    assert split_text("Why ${ area }, not ${b}?") == ("Why ", Pipe("area"), ", not ", Pipe("b"), "?")
    assert split_text("Costs $5 {net}") == ("Costs $5 {net}",)
    assert piped_names({"en": "${a} ${b} ${a}", "fr": "${c}"}) == ("a", "b", "c")


def test_what_is_filled_in_is_not_read_again() -> None:
    assert fill_text("Why ${a}?", {"a": "${a}"}.__getitem__) == "Why ${a}?"


@pytest.mark.parametrize(
    ("fact", "shown"),
    [("Aldgate", "A•••"), (" Portsoken ", "P•••"), ("E1", "•••"), ("1985-02-01", "•••"), ("", "•••")],
)
def test_a_fact_is_shown_so_that_only_its_owner_recognises_it(fact: str, shown: str) -> None:
    assert mask_fact(fact) == shown
