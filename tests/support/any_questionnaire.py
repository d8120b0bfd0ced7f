"""Made-up questionnaires for property tests: every type, look and mark, in one or several languages."""

from typing import Any

from hypothesis import strategies as st

from survey_service.domain.questionnaire import (
    Block,
    Choice,
    GridRow,
    Question,
    Questionnaire,
    appearances_of_type,
    type_names,
)

_signs = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=20)
visible = _signs.map(lambda text: text.replace("\u00a0", " ").strip()).filter(
    lambda text: text and "${" not in text and "_x" not in text
)
words = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,8}", fullmatch=True)
_constraints = {
    "integer": ". >= 0", "decimal": ". < 7.5", "date": ". <= today()", "text": "string-length(.) < 9",
    "select_multiple": "count-selected(.) < 3", "postcode": ". != 'E1'",
}  # fmt: skip


class _Maker:
    def __init__(self, draw: st.DrawFn, languages: tuple[str, ...]) -> None:
        self.draw = draw
        self.label = st.fixed_dictionaries(dict.fromkeys(languages, visible))
        self.optional = self.label | st.just({})

    def choices(self, kind: str, *, is_scale: bool) -> tuple[Choice, ...]:
        if is_scale:
            size = self.draw(st.integers(2, 5))
            names = [str(point) for point in range(-1, size - 1)]
            names = names[::-1] if self.draw(st.booleans()) else names
            names += self.draw(st.sampled_from([[], ["unknown"]]))
        else:
            names = self.draw(st.lists(words, min_size=2, max_size=4, unique=True))
        may_mark = kind in ("select_one", "select_multiple") and self.draw(st.booleans())
        return tuple(
            Choice(
                name=name, label=self.draw(self.label),
                takes_text=may_mark and at == 0,
                is_exclusive=may_mark and kind == "select_multiple" and at > 0,
            )
            for at, name in enumerate(names)
        )  # fmt: skip

    def question(self, name: str, earlier: list[Question]) -> Question:
        draw = self.draw
        kind: Any = draw(st.sampled_from(type_names))
        look = draw(st.sampled_from(["", *appearances_of_type.get(kind, ())]))
        is_asked = kind != "note"
        values: dict[str, Any] = {"name": name, "type": kind, "appearance": look, "label": draw(self.label)}
        if kind in ("select_one", "select_multiple", "scale", "grid", "rank"):
            is_scale = kind == "scale" or (kind, look) == ("grid", "scale")
            values |= {"choices": self.choices(kind, is_scale=is_scale), "list_name": name}
        if kind == "grid":
            rows = range(draw(st.integers(1, 3)))
            values["rows"] = tuple(GridRow(name=f"{name}_r{at}", label=draw(self.label)) for at in rows)
        if is_asked and kind not in ("grid", "consent"):
            values["constraint"] = draw(st.sampled_from(["", _constraints.get(kind, "")]))
        values["relevant"] = (
            f"${{{earlier[-1].parts[0].name}}} != ''" if earlier and draw(st.booleans()) else ""
        )
        if earlier and earlier[-1].type == "integer" and draw(st.booleans()):
            values["label"] = {
                code: f"{text} ${{{earlier[-1].name}}}" for code, text in values["label"].items()
            }
        remembered = kind in ("select_one", "integer", "date", "postcode")
        return Question(
            **values,
            hint=draw(self.optional),
            is_required=is_asked and draw(st.booleans()),
            may_decline=is_asked and kind != "consent" and draw(st.booleans()),
            required_message=draw(self.optional),
            constraint_message=draw(self.optional),
            concept=draw(st.just("") | words) if is_asked else "",
            remember_as=draw(st.just("") | words) if remembered else "",
        )


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    languages = draw(st.sampled_from([("en",), ("fr", "en"), ("ar", "bn", "zh_Hans")]))
    maker = _Maker(draw, languages)
    unique = draw(st.lists(words, min_size=1, max_size=8, unique_by=str.lower))
    questions = [Question(name="a_", type="text", label=draw(maker.label))]
    cut = draw(st.integers(1, len(unique) + 1))
    for at, name in enumerate(unique, start=1):
        mine = questions[:cut] if at < cut else questions[cut:]
        earlier = [question for question in mine if question.takes_answer]
        questions.append(maker.question(f"{name}_q", earlier))
    block = Block(name="more", label=draw(maker.optional), questions=tuple(questions[cut:]))
    return Questionnaire(
        name=draw(visible),
        title=draw(maker.label),
        default_language=languages[0],
        languages=languages,
        facts=tuple(draw(st.sampled_from([[], ["ward_"], ["ward_", "age_"]]))),
        core=Block(name="core", label=draw(maker.optional), questions=tuple(questions[:cut])),
        blocks=(block,) if block.questions else (),
        version=draw(st.just("") | visible),
        is_anonymous=draw(st.booleans()),
    )
