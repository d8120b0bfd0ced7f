"""The page's script and the server work out a condition alike: the same conditions in Node and in Python."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey_service.domain.expressions import parse_expression
from survey_service.domain.numerals import read_digits

SCRIPTS = Path(__file__).parents[3] / "survey_service/web/assets/js"
NODE = shutil.which("node") or "node"
RUN = """
import { isTrue } from %s;
import { readDigits } from %s;
const { cases, texts } = JSON.parse(await new Response(process.stdin).text());
console.log(JSON.stringify([cases.map(([code, values]) => isTrue(code, values)), texts.map(readDigits)]));
"""

answers = st.sampled_from(
    ["", "a", "b", "a b", "b c", " ", "0", "-3", "3", "2.5", ".5", "7.", "1e3", "2024-02-29", "2023-02-29",
     "1969-12-31", "2026-11-25", "true", "٣", "日本"]
)  # fmt: skip
values = st.dictionaries(st.sampled_from(["p", "q", "r"]), answers)
atoms = st.one_of(
    st.sampled_from(["${p}", "${q}", "${r}", "''", "'a'", "'b'", "'2024-03-01'", "true()", "false()"]),
    st.sampled_from(["0", "1", "3", "2.5", "10"]),
)


def bigger(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = ["=", "!=", "<", "<=", ">", ">=", "and", "or", "+", "-", "*", "div", "mod"]
    return st.one_of(
        st.tuples(part, st.sampled_from(signs), part).map(lambda made: f"({made[0]} {made[1]} {made[2]})"),
        part.map(lambda made: f"not({made})"),
        part.map(lambda made: f"- {made}"),
        part.map(lambda made: f"string-length({made})"),
        st.tuples(part, part, part).map(lambda made: f"if({made[0]}, {made[1]}, {made[2]})"),
        st.tuples(part, part).map(lambda made: f"coalesce({made[0]}, {made[1]})"),
        st.tuples(st.sampled_from("pqr"), part).map(lambda made: f"selected(${{{made[0]}}}, {made[1]})"),
        st.sampled_from("pqr").map(lambda name: f"count-selected(${{{name}}})"),
    )


conditions = st.recursive(atoms, bigger, max_leaves=8)


def run_script(cases: list[tuple[object, dict[str, str]]], texts: list[str]) -> tuple[list[bool], list[str]]:
    script = RUN % tuple(json.dumps((SCRIPTS / name).as_uri()) for name in ("conditions.js", "answers.js"))
    done = subprocess.run(
        [NODE, "--no-warnings", "--input-type=module", "--eval", script],
        input=json.dumps({"cases": cases, "texts": texts}), capture_output=True, text=True, check=True,
    )  # fmt: skip
    told, digits = json.loads(done.stdout)
    return told, digits


@pytest.mark.browser
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(conditions, values), min_size=300, max_size=300))
def test_script_and_server_agree_on_every_condition(made: list[tuple[str, dict[str, str]]]) -> None:
    parsed = [(parse_expression(source), given) for source, given in made]

    told, _ = run_script([(condition.code, given) for condition, given in parsed], [])

    by_server = [condition.is_true(given) for condition, given in parsed]
    differing = [one for one, here, there in zip(made, by_server, told, strict=True) if here != there]
    assert differing == []


def test_the_script_reads_the_digits_of_every_script() -> None:
    digits = [chr(code) for code in range(0x110000) if chr(code).isdecimal()]

    _, told = run_script([], digits)

    # Node may know a script that Python's older Unicode does not, never the other way round.
    assert told == [read_digits(digit) for digit in digits]
    assert len(digits) >= 650
