"""`survey-service rotate` on files: what it writes, and how it refuses what is wrong."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sampling.prn import permanent_numbers
from survey_service.cli import main

FILES = {
    "frame.csv": "id,stratum,u\nm1,resident,0.5\nm2,resident,0.25\nm3,worker,0.75\n",
    "events.csv": "date,event,id,stratum,u\n",
    "surveys.csv": "survey,date,minutes,stratum,n\nparks,2026-01-05,5,resident,1\n",
    "rules.json": '{"seed": "s", "rest_days": 21, "cap_minutes": null, "window_days": 365}',
}
Rotate = Callable[..., Result]


@pytest.fixture
def rotate(tmp_path: Path) -> Rotate:
    """Run the command on the files above, with some of them replaced."""

    def run(**changed: str | bytes) -> Result:
        options = []
        for name, text in FILES.items():
            stem = name.split(".")[0]
            content = changed.get(stem, text)
            path = tmp_path / name
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            options += [f"--{stem}", str(path)]
        return CliRunner().invoke(main, ["rotate", *options, "--out", str(tmp_path / "out")])

    return run


def results(tmp_path: Path, name: str) -> list[list[str]]:
    with (tmp_path / "out" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_writes_the_three_files_and_says_so(rotate: Rotate, tmp_path: Path) -> None:
    run = rotate()
    assert run.exit_code == 0
    assert run.output.startswith("1 invitations, 0 shortfalls, 3 members")
    assert results(tmp_path, "selection.csv") == [
        ["survey", "date", "stratum", "id", "ticket_before", "N", "n", "weight"],
        ["parks", "2026-01-05", "resident", "m2", "0.25", "2", "1", "2.0"],
    ]
    assert results(tmp_path, "shortfall.csv") == [["survey", "stratum", "asked", "drawn"]]
    assert results(tmp_path, "state.csv") == [
        ["id", "stratum", "active", "ticket", "invitations", "minutes"],
        ["m1", "resident", "1", "0.5", "0", "0"],
        ["m2", "resident", "1", "1.25", "1", "5"],
        ["m3", "worker", "1", "0.75", "0", "0"],
    ]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "selection.csv",
        "shortfall.csv",
        "state.csv",
    ]


def test_numbers_left_out_come_from_the_seed(rotate: Rotate, tmp_path: Path) -> None:
    run = rotate(
        frame="id,stratum\nm1,resident\nm2,resident\n",
        events="date,event,id,stratum,u\n2026-01-01,join,m3,resident,\n",
    )
    assert run.exit_code == 0
    u = permanent_numbers("s", ["m1", "m2", "m3"]).tolist()
    first = u.index(min(u))
    tickets = [float(row[3]) for row in results(tmp_path, "state.csv")[1:]]
    assert tickets == [number + (place == first) for place, number in enumerate(u)]


def test_every_kind_of_event_before_between_and_after(rotate: Rotate, tmp_path: Path) -> None:
    run = rotate(
        frame="id,stratum,u\nm1,resident,0.5\nm2,resident,0.25\n",
        # Not in order of date: the day counts, then the order in the file.
        events="date,event,id,stratum,u\n"
        "2026-03-01,leave,m1,,0.5\n"
        "2026-01-04,join,v1,visitor,0.125\n"
        "2026-01-05,pause,m2,,0.25\n"
        "2026-02-01,resume,m2,,0.25\n"
        "2026-02-01,move,m2,visitor,0.25\n"
        "2026-03-02,join,m1,visitor,0.5\n"
        "2026-03-02,join,n9,press,0.875\n",
        surveys="survey,date,minutes,stratum,n\n"
        "b,2026-02-01,2.5,visitor,2\n"
        "a,2026-01-05,5,resident,2\n"
        "a,2026-01-05,5,visitor,1\n"
        "a,2026-01-05,5,press,0\n",
    )
    assert run.exit_code == 0, run.output
    assert [row[:4] for row in results(tmp_path, "selection.csv")[1:]] == [
        ["a", "2026-01-05", "resident", "m1"],
        ["a", "2026-01-05", "visitor", "v1"],
        ["b", "2026-02-01", "visitor", "m2"],
        ["b", "2026-02-01", "visitor", "v1"],
    ]
    assert results(tmp_path, "shortfall.csv")[1:] == [["a", "resident", "2", "1"]]
    assert results(tmp_path, "state.csv")[1:] == [
        ["m1", "visitor", "1", "1.5", "1", "5"],
        ["m2", "visitor", "1", "1.25", "1", "2.5"],
        ["n9", "press", "1", "0.875", "0", "0"],
        ["v1", "visitor", "1", "2.125", "2", "7.5"],
    ]


def test_a_cap_in_decimals_is_met_exactly(rotate: Rotate, tmp_path: Path) -> None:
    days = "".join(f"s{day},2026-01-{day:02},0.1,worker,1\n" for day in range(1, 6))
    run = rotate(
        surveys="survey,date,minutes,stratum,n\n" + days,
        rules='{"seed": "s", "rest_days": 0, "cap_minutes": 0.3, "window_days": 30}',
    )
    assert run.exit_code == 0
    assert len(results(tmp_path, "selection.csv")) == 1 + 3, "three times 0.1 is 0.3, not more"


@pytest.mark.parametrize("events", ["", "\n", "date,event,id,stratum,u\n", "\ufeffdate,event,id\r\n\r\n"])
def test_no_events_may_be_said_in_several_ways(rotate: Rotate, events: str) -> None:
    assert rotate(events=events).exit_code == 0


def test_names_may_be_in_any_script(rotate: Rotate, tmp_path: Path) -> None:
    run = rotate(
        frame="\ufeffid,stratum,u\nÅsa,বাসিন্দা,0.5\n",
        surveys="survey,date,minutes,stratum,n\nparks,2026-01-05,5,বাসিন্দা,1\n",
    )
    assert run.exit_code == 0, run.output
    assert results(tmp_path, "selection.csv")[1][2:4] == ["বাসিন্দা", "Åsa"]


def test_every_faulty_row_is_named(rotate: Rotate, tmp_path: Path) -> None:
    run = rotate(
        frame="id,stratum,u\nm1,resident,0.5\n,resident,0.5\n\nm3,resident,1\nm4,,nan\nm5,resident,x\n"
    )
    assert run.exit_code == 1
    lines = run.output.splitlines()
    assert lines[0] == "frame.csv was not taken: 4 rows are wrong."
    assert [line.strip().split(":")[0] for line in lines[1:]] == [
        "row 3, column id",
        "row 5, column u",
        "row 6, column stratum",
        "row 7, column u",
    ]
    assert "Expected: 0 <= u < 1. Got: '1'." in lines[2]
    assert not (tmp_path / "out").exists()


EVENTS, SURVEYS = "date,event,id,stratum,u\n", "survey,date,minutes,stratum,n\n"
WRONG = {
    "frame": [
        ("", "has no column id, stratum. It needs id, stratum."),
        ("id,u\nm1,0.5\n", "has no column stratum"),
        ("id,stratum,id\n", "has two columns id"),
        ("id,stratum,u\nm1,a,0.5\nm2,a,0.5\nm1,b,0.5\n", "row 4, column id: m1 is in row 2 already"),
        ("id,stratum,u\nm1,a,-0.1\n", "row 2, column u"),
        (f"id,stratum,u\n{'m' * 201},a,0.1\n", "row 2, column id: There is no usable id"),
        ("id,stratum,u\nm\0,a,0.1\n", "row 2, column id: There is no usable id"),
        (b"id,stratum,u\n\xe5sa,a,0.5\n", "is not in UTF-8. Save it as CSV UTF-8."),
        ('id,stratum,u\n"m1,a,0.5\n', "is not a CSV file"),
    ],
    "events": [
        (
            EVENTS + "2026-01-01,marry,m1,,\n",
            "row 2, column event: There is no such event. Expected: join, leave",
        ),
        (EVENTS + "2026-02-30,leave,m1,,\n", "row 2, column date: This is not a date"),
        (EVENTS + "20260101,leave,m1,,\n", "row 2, column date"),
        (EVENTS + "2026-01-01,move,m1,,\n", "row 2, column stratum: There is no usable stratum"),
        (EVENTS + "2026-01-01,join,m1,resident,0.5\n", "row 2, column id: m1 joins but is in already"),
        (EVENTS + "2026-01-02,pause,x,,\n2026-01-03,join,x,a,0.1\n", "row 2, column id: x cannot pause"),
        (EVENTS + "2026-01-02,join,x,a,0.1\n2026-01-01,leave,x,,\n", "row 3, column id: x cannot leave"),
        ("when,event,id\n", "has no column date"),
    ],
    "surveys": [
        (
            SURVEYS + "p,2026-01-05,5,residents,1\n",
            "Nobody is ever in stratum residents. Expected: resident, worker",
        ),
        (SURVEYS + "p,2026-01-05,5,worker,1\n" * 2, "row 3: p asks stratum worker twice that day"),
        (SURVEYS + "p,2026-01-05,5,worker,-1\n", "row 2, column n: This is not a whole number"),
        (SURVEYS + "p,2026-01-05,5,worker,1.5\n", "row 2, column n"),
        (SURVEYS + "p,2026-01-05,-5,worker,1\n", "row 2, column minutes: This is not a number of minutes"),
        (SURVEYS + "p,2026-01-05,NaN,worker,1\n", "row 2, column minutes"),
        (SURVEYS + "p,2026-01-05,0.0001,worker,1\n", "row 2, column minutes"),
        (SURVEYS + "p,2026-01-05,five,worker,1\n", "row 2, column minutes"),
        (SURVEYS + ",2026-01-05,5,worker,1\n", "row 2, column survey"),
        (SURVEYS + "p\n", "row 2, column date"),
    ],
    "rules": [
        ("{", "rules.json was not taken"),
        ("\ufeff[]", "rules.json was not taken"),
        (b'{"seed": "\xff"}', "rules.json was not taken"),
        ('{"seed": "s", "rest_days": 21, "cap_minutes": null}', "window_days"),
        ('{"seed": "s", "rest_days": -1, "cap_minutes": null, "window_days": 9}', "rest_days"),
        ('{"seed": "s", "rest_days": 1, "cap_minutes": -2, "window_days": 9}', "cap_minutes is -2"),
        ('{"seed": "s", "rest_days": 1, "cap_minutes": 9, "window_days": 0}', "window_days"),
        (
            '{"seed": "s", "rest_days": 1, "cap_minutes": 9, "window_days": null}',
            "has a cap but no window_days",
        ),
    ],
}


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [(file, content, message) for file, cases in WRONG.items() for content, message in cases],
)
def test_a_wrong_file_is_refused_with_the_reason(
    rotate: Rotate, tmp_path: Path, file: str, content: str | bytes, message: str
) -> None:
    run = rotate(**{file: content})
    assert run.exit_code == 1
    assert message in run.output
    assert isinstance(run.exception, SystemExit), "a refusal is a sentence, not a traceback"
    assert not (tmp_path / "out").exists()


def test_a_file_of_another_kind_gets_a_short_list(rotate: Rotate) -> None:
    run = rotate(frame="id,stratum,u\n" + ",,\nx,,\n" * 500)
    assert run.exit_code == 1
    assert "500 rows are wrong" in run.output
    assert len(run.output.splitlines()) == 51


def test_results_that_cannot_be_written_are_refused_and_old_ones_stay(rotate: Rotate, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "selection.csv").mkdir()
    (tmp_path / "out" / "selection.csv" / "kept").touch()
    run = rotate()
    assert run.exit_code == 1
    assert "could not be written" in run.output
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["selection.csv"]


@pytest.mark.parametrize("missing", ["--frame", "--events", "--surveys", "--rules", "--out"])
def test_wrong_use_exits_with_2(rotate: Rotate, tmp_path: Path, missing: str) -> None:
    rotate()
    options = {f"--{name.split('.')[0]}": str(tmp_path / name) for name in FILES} | {"--out": str(tmp_path)}
    without = [word for option, value in options.items() if option != missing for word in (option, value)]
    run = CliRunner().invoke(main, ["rotate", *without])
    assert run.exit_code == 2
    assert missing in run.output


@pytest.mark.parametrize(("days", "code"), [(21, 0), (21.0, 1), (21.5, 1), ("21", 1), (None, 1)])
def test_rest_is_in_whole_days(rotate: Rotate, days: object, code: int) -> None:
    rules = json.loads(FILES["rules.json"]) | {"rest_days": days}
    assert rotate(rules=json.dumps(rules)).exit_code == code
