"""R-indicator and its kin against simulation and against what they are by definition."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sampling.errors import SamplingError
from sampling.representativity import represent

AUDIENCES = np.array(["resident", "worker", "business", "visitor"])


def test_the_adjustment_takes_off_what_chance_puts_on() -> None:
    """Everybody answers alike: unadjusted, small samples look uneven; adjusted, hardly."""
    rng = np.random.default_rng(1)
    raw, adjusted = [], []
    for _ in range(200):
        answered = rng.random(400) < 0.2
        audience, area = rng.choice(AUDIENCES, 400), rng.choice(np.array(list("abcdef")), 400)
        found = represent(answered, {"audience": audience.tolist(), "area": area.tolist()})
        raw.append((1 - found.r_unadjusted) ** 2 / 4)
        adjusted.append((1 - found.r_indicator) ** 2 / 4)
    # Eight free coefficients on 400 people: var(rho) is about 8 p (1 - p) / n = 0.0032 by chance alone.
    assert np.mean(raw) == pytest.approx(0.0032, rel=0.15)
    assert np.mean(adjusted) < 0.3 * np.mean(raw)


def test_a_known_spread_is_recovered() -> None:
    rng = np.random.default_rng(2)
    chances = {"resident": 0.4, "worker": 0.2, "business": 0.1, "visitor": 0.1}
    truth = np.array(list(chances.values()))
    found = []
    for _ in range(100):
        audience = rng.choice(AUDIENCES, 1000)
        answered = rng.random(1000) < np.array([chances[one] for one in audience])
        found.append(represent(answered, {"audience": audience.tolist()}))
    assert np.mean([one.r_indicator for one in found]) == pytest.approx(1 - 2 * truth.std(), abs=0.01)
    assert np.mean([one.cv for one in found]) == pytest.approx(truth.std() / truth.mean(), abs=0.03)


def test_r_flatters_a_low_response_and_the_variation_does_not() -> None:
    half = [True, False] * 100 + [True, False, False, False] * 50
    tenth = [*([True] + [False] * 9) * 20, *([True] + [False] * 19) * 10]
    audience = ["resident"] * 200 + ["worker"] * 200
    high, low = (represent(np.array(one), {"audience": audience}) for one in (half, tenth))
    assert low.r_unadjusted > high.r_unadjusted
    assert low.cv == pytest.approx(high.cv, abs=0.25)


@settings(max_examples=40, deadline=None)
@given(
    data=st.lists(
        st.tuples(st.booleans(), st.sampled_from("abc"), st.sampled_from("xy")), min_size=30, max_size=200
    ).filter(lambda rows: 0 < sum(row[0] for row in rows) < len(rows))
)
def test_partial_indicators_are_the_variation_between_categories(data: list[tuple[bool, str, str]]) -> None:
    answered = np.array([row[0] for row in data])
    variables = {"one": [row[1] for row in data], "two": [row[2] for row in data]}
    found = represent(answered, variables)
    assert found.r_unadjusted <= found.r_indicator <= 1.0
    for name, values in variables.items():
        rates = {one: answered[np.array(values) == one].mean() for one in set(values)}
        between = np.std([rates[one] for one in values])
        assert found.by_variable[name] == pytest.approx(between, abs=1e-12)
        assert sum(one.people for one in found.by_category[name].values()) == answered.size
        for one, gap in found.by_category[name].items():
            assert (gap.partial < 0) == (gap.rate < answered.mean()) or gap.partial == pytest.approx(0)
            assert gap.rate == pytest.approx(rates[one])
    # All variables together explain no less than each alone.
    assert (1 - found.r_unadjusted) / 2 >= max(found.by_variable.values()) - 1e-6


@pytest.mark.parametrize(
    ("answered", "variables", "words"),
    [
        ([True, True], {"a": ["x", "y"]}, "everybody"),
        ([False, False], {"a": ["x", "y"]}, "Nobody"),
        ([True, False], {"a": ["x"]}, "known of everybody"),
        ([True, False], {}, "no variable"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    answered: list[bool], variables: dict[str, list[str]], words: str
) -> None:
    with pytest.raises(SamplingError, match=words):
        represent(np.array(answered), variables)
