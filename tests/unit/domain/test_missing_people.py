"""Who is missing, and what could be done."""

from survey_service.domain.missing_people import Asked, find_missing, suggest_remedies


def test_only_who_clearly_answers_less_is_missing_and_who_lacks_most_comes_first() -> None:
    categories = {
        "audience": {
            "worker": Asked(people=1000, rate=0.16),  # 4 points below 20 %: three standard errors
            "visitor": Asked(people=100, rate=0.08),
            "resident": Asked(people=400, rate=0.30),
            "student": Asked(people=60, rate=0.15),  # a standard error: chance
        },
        "language": {"so": Asked(people=8, rate=0.0)},
    }
    found = find_missing(categories, 0.2, least=10)
    assert [(one.category, one.lacking) for one in found] == [("worker", 40), ("visitor", 12)]


def test_no_remedy_asks_the_same_people_more_often() -> None:
    assert suggest_remedies("language", "so") == ("check_translation", "interpreter")
    assert suggest_remedies("language", "en") == ("ask_them",)
    assert "other_channel" in suggest_remedies("channel", "email")
    assert "face_to_face" in suggest_remedies("audience", "visitor")
    assert suggest_remedies("ward", "Aldgate")
