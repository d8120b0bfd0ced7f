"""A questionnaire with a question of every type and every look, in English and in Arabic."""

from typing import Any

import msgspec

from survey_service.domain.questionnaire import (
    Block,
    Choice,
    GridRow,
    Question,
    Questionnaire,
)


def said(english: str, arabic: str) -> dict[str, str]:
    return {"en": english, "ar": arabic}


def choice(name: str, english: str, arabic: str, **marks: bool) -> Choice:
    return Choice(name=name, label=said(english, arabic), **marks)


SAFE = (
    choice("1", "Very unsafe", "غير آمن إطلاقا"),
    choice("2", "Unsafe", "غير آمن"),
    choice("3", "Neither", "لا هذا ولا ذاك"),
    choice("4", "Safe", "آمن"),
    choice("5", "Very safe", "آمن جدا"),
)
TEN = (
    choice("0", "Not at all likely", "غير محتمل إطلاقا"),
    *(choice(str(point), str(point), str(point)) for point in range(1, 10)),
    choice("10", "Certain", "مؤكد"),
    choice("unknown", "I do not know", "لا أعرف"),
)


def ask(name: str, kind: Any, english: str, arabic: str, **values: Any) -> Question:
    return Question(name=name, type=kind, label=said(english, arabic), **values)


CORE = (
    ask("intro", "note", "Thank you for your time.", "شكرا على وقتك."),
    ask(
        "lives_here", "select_one", "Do you live in the City?", "هل تسكن في المدينة؟", is_required=True,
        choices=(choice("yes", "Yes", "نعم"), choice("no", "No", "لا")),
    ),
    ask(
        "role", "select_one", "What brings you here?", "ما الذي يأتي بك إلى هنا؟", may_decline=True,
        choices=(
            choice("work", "Work", "العمل"), choice("visit", "A visit", "زيارة"),
            choice("other", "Something else", "شيء آخر", takes_text=True),
        ),
    ),
    ask(
        "why", "text", "Why do you come for ${role}?", "لماذا تأتي من أجل ${role}؟",
        relevant="${role} = 'work' or ${role} = 'visit'",
    ),
    ask(
        "seen", "select_multiple", "What have you seen?", "ماذا رأيت؟", may_decline=True,
        choices=(
            choice("patrol", "A patrol", "دورية"), choice("stand", "A stand", "منصة"),
            choice("none", "None of these", "لا شيء مما ذكر", is_exclusive=True),
        ),
    ),
)  # fmt: skip
SCALES = (
    ask("safe", "scale", "How safe do you feel here?", "ما مدى شعورك بالأمان هنا؟", choices=SAFE),
    ask(
        "likely", "scale", "How likely are you to report a worry?", "ما احتمال أن تبلغ عما يقلقك؟",
        appearance="numbers", choices=TEN,
    ),
    ask(
        "mood", "scale", "How was your visit?", "كيف كانت زيارتك؟", appearance="smileys", choices=SAFE,
        may_decline=True,
    ),
    ask(
        "places", "grid", "How safe do you feel …", "ما مدى شعورك بالأمان …", appearance="scale",
        choices=SAFE, is_required=True, may_decline=True,
        rows=(
            GridRow(name="at_night", label=said("at night?", "ليلا؟")),
            GridRow(name="at_station", label=said("at the station?", "في المحطة؟")),
            GridRow(name="in_park", label=said("in the park?", "في الحديقة؟")),
        ),
    ),
    ask(
        "worse", "text", "What happened at night?", "ماذا حدث ليلا؟", appearance="multiline",
        relevant="${at_night} <= 2 and ${at_night} != ''",
    ),
    ask(
        "first", "rank", "What should we do first?", "ما الذي ينبغي أن نفعله أولا؟", may_decline=True,
        choices=(
            choice("light", "Better light", "إضاءة أفضل"), choice("foot", "More foot patrols", "دوريات أكثر"),
            choice("talk", "More talks", "لقاءات أكثر"),
        ),
    ),
)  # fmt: skip
TYPED = (
    ask(
        "days", "integer", "How many days were you here this month?", "كم يوما كنت هنا هذا الشهر؟",
        constraint=". >= 0 and . <= 31", may_decline=True,
        constraint_message=said("A month has 31 days at most.", "الشهر لا يزيد على ٣١ يوما."),
    ),
    ask(
        "often", "text", "What brings you here so often?", "ما الذي يأتي بك كثيرا؟", relevant="${days} > 9",
        hint=said("You said ${days} days.", "قلت ${days} يوما."),
    ),
    ask("hours", "decimal", "How many hours a day?", "كم ساعة في اليوم؟"),
    ask(
        "since", "date", "Since when have you come here?", "منذ متى تأتي إلى هنا؟", constraint=". <= today()",
        hint=said("For example 27 3 2007.", "مثلا ٢٧ ٣ ٢٠٠٧."), may_decline=True,
    ),
    ask("postcode", "postcode", "What is your postcode?", "ما رمزك البريدي؟"),
    ask(
        "area", "postcode", "What is the first part of your work's postcode?",
        "ما الجزء الأول من الرمز البريدي لعملك؟", appearance="area",
    ),
    ask("change", "text", "What would you change?", "ما الذي تود تغييره؟", appearance="multiline"),
    ask(
        "agree", "consent", "You may keep my area for later.", "يمكنكم الاحتفاظ بمنطقتي.", is_required=True,
    ),
)  # fmt: skip


def make_every_type(*, is_one_page: bool = False) -> Questionnaire:
    """A core and two blocks; on one page all of it is the core, since a longer form has a page for each."""
    if is_one_page:
        whole = make_every_type()
        core = Block(name="core", label={}, questions=whole.questions())
        return msgspec.structs.replace(whole, core=core, blocks=())
    return Questionnaire(
        name="every_type",
        title=said("Every type of question", "كل أنواع الأسئلة"),
        default_language="en",
        languages=("en", "ar"),
        core=Block(name="core", label={}, questions=CORE),
        blocks=(
            Block(name="scales", label=said("Scales", "المقاييس"), questions=SCALES),
            Block(name="typed", label=said("Typed", "مكتوب"), questions=TYPED),
        ),
    )


_LEAST = {"lives_here": ["yes"], "at_night": ["3"], "at_station": ["3"], "in_park": ["3"], "agree": ["OK"]}


def make_person(place: int) -> dict[str, list[str]]:
    """A hundred and twenty different people; what each says follows from their place."""
    third, fourth = place % 3, place % 4
    said = _LEAST | {
        "lives_here": ["yes" if place % 2 else "no"],
        "safe": [str(2 + third)],
        "likely": ["unknown" if fourth == 0 else str(4 + fourth)],
        "mood": ["--declined"] if fourth == 0 else ["5"],
        "at_night": [["1", "5", "--declined"][third]],
        **{f"first--{at + 1}": [str(1 + (third + at) % 3)] for at in range(3)},
        "days": [str(place % 30)],
        "hours": ["0.5" if third else "2,5"],
        "since": ["3"], "since--month": [str(1 + third)], "since--year": ["2026" if place < 115 else "1950"],
        "postcode": ["EC2M 7PP" if place < 60 else "E1 6AN" if place < 114 else f"N{place - 113} 1AA"],
        "area": ["EC2M"],
        "change": ["words"],
    }  # fmt: skip
    return said | ({"days": [""], "days--declined": ["1"]} if place >= 90 else {})
