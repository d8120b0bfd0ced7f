"""Response likelihood in the register: what it learns from, that it cannot look ahead, and when it stops."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from models.features import align
from models.model_file import read_model
from survey_service.db import engine, likelihood
from survey_service.domain.errors import Conflict, NotFound, SurveyServiceError
from survey_service.services.likelihood.current_model import find_model, find_model_in_use
from survey_service.services.likelihood.fit_model import fit_model
from survey_service.services.likelihood.follow_waves import follow_waves
from survey_service.services.likelihood.gather_history import Gathered, gather_history
from survey_service.services.likelihood.judge_likelihood import judge_likelihood
from survey_service.services.likelihood.permit_feature import forbid_feature, permit_feature
from survey_service.services.likelihood.review_likelihood import review_likelihood
from survey_service.services.likelihood.train_likelihood import train_likelihood
from tests.support.make import insert
from tests.support.make_waves import make_waves
from tests.support.rows import fetch
from tests.support.staff import audited

pytestmark = pytest.mark.usefixtures("database")


def column(gathered: Gathered, name: str) -> np.ndarray:
    return gathered.features.matrix[:, gathered.features.names.index(name)]


async def test_a_model_is_learned_judged_by_the_future_and_stored_with_its_card() -> None:
    made = await make_waves()
    trained = await train_likelihood(seed=4)
    assert (trained.rows, trained.answered) == (2250, made.answered)
    assert trained.is_on
    assert trained.chosen in ("logistic", "logistic_splines", "boosting")
    assert trained.scores["auc"] > 0.6
    assert trained.scores["newest_brier"] < trained.scores["newest_base_brier"]
    assert "beat the stratum's last response rate" in trained.reason
    # Nothing but the past and the stratum: no language, no attribute, nobody's age.
    assert set(trained.features) <= {
        "stratum", "channel", "tenure_days", "answer_rate", "answered_last", "days_since_answer", "is_first",
        "invitations_30", "invitations_90", "invitations_365", "planned_90", "planned_365",
    }  # fmt: skip
    review = await review_likelihood()
    assert review.newest is not None
    card = review.newest.card
    assert review.is_in_use
    assert set(card.by_stratum) == {"resident", "worker", "visitor"}
    for one in card.by_stratum.values():
        assert abs(one["expected"] - one["rate"]) < 3 * one["error"] < 0.09
    assert sum(group["n"] for group in card.calibration) == trained.scores["predicted"]
    assert (await audited())[-1] == "likelihood.train"
    # The same data and seed: the same bytes.
    again = await train_likelihood(seed=4)
    first, second = [await likelihood.get_content(one) for one in (trained.model, again.model)]
    assert first == second
    assert read_model(first)[1] == card


async def test_what_happens_later_changes_nothing_and_what_is_shuffled_teaches_nothing() -> None:
    await make_waves(waves=4)
    until = datetime.now(UTC) - timedelta(days=40 + 60 * 1 + 1)  # before the third wave
    before = await gather_history(until)
    async with engine.connection() as lent:
        # Later answers, later burden, a later channel: as if the future had been another one.
        await lent.execute(
            "UPDATE invitation SET answered_at = sent_at, state = 'answered' WHERE sent_at > $1", until
        )
        await lent.execute(
            """INSERT INTO ledger_event (pseudonym, kind, seconds, planned_seconds, survey_slug, at)
               SELECT pseudonym, 'invitation', 15, 600, 'later', $1 FROM contact""",
            until,
        )
        await lent.execute("UPDATE contact SET channel = 'post'")
    after = await gather_history(until)
    assert np.array_equal(before.features.matrix[:, 2:], after.features.matrix[:, 2:], equal_nan=True)
    assert np.array_equal(before.answered, after.answered)
    # And seen from today, the earlier invitations still look as they looked then.
    today = await gather_history(datetime.now(UTC))
    early = np.flatnonzero(np.isin(today.wave, before.wave))
    assert early.size == before.answered.size
    known = [name for name in before.features.names if name not in ("stratum", "channel")]
    for name in known:
        assert np.array_equal(column(before, name), column(today, name)[early], equal_nan=True), name
    # An answer that came after the next invitation is not known at it: the first wave knows nobody's past.
    first = today.wave == today.wave[0]
    assert (column(today, "answer_rate")[first] == 0.15).all()
    assert np.isnan(column(today, "answered_last")[first]).all()


async def test_a_shuffled_outcome_cannot_be_told() -> None:
    await make_waves(people=1500, waves=4, asked=1000)
    gathered = await gather_history(datetime.now(UTC))
    shuffled = np.random.default_rng(1).permutation(gathered.answered)
    object.__setattr__(gathered, "answered", shuffled)
    fitted = fit_model(gathered, seed=0, permitted={})
    likely = fitted.likelihood.predict(align(gathered.features, fitted.card.features, fitted.card.categories))
    assert fitted.card.scores["auc"] == pytest.approx(0.5, abs=0.05)
    assert roc_auc_score(shuffled, likely) < 0.58


async def test_open_invitations_do_not_teach_and_a_lone_wave_is_cut_by_lot() -> None:
    await make_waves(waves=2, ended=1, last_sent=3)
    trained = await train_likelihood()
    assert trained.rows == 450
    assert trained.scores["predicted"] == 450


async def test_it_switches_itself_off_when_the_next_wave_shows_no_use() -> None:
    await make_waves(waves=4)
    trained = await train_likelihood()
    assert trained.is_on
    assert await judge_likelihood() == 0  # no wave was sent since
    async with engine.connection() as lent:
        # Trained before the last wave went out, in which everything is the other way round.
        await lent.execute("UPDATE likelihood_model SET trained_at = now() - interval '50 days'")
        await lent.execute(
            """UPDATE invitation SET answered_at = CASE WHEN answered_at IS NULL
                   THEN sent_at + interval '1 day' END,
                   state = CASE WHEN answered_at IS NULL THEN 'answered' ELSE 'sent' END
               WHERE sent_at > now() - interval '50 days'"""
        )
    assert await judge_likelihood() == 1
    assert await judge_likelihood() == 0
    review = await review_likelihood()
    assert review.newest is not None
    assert not review.is_in_use
    assert "Switched itself off: on wave 4" in review.newest.reason
    [verdict] = review.verdicts
    assert verdict.brier > verdict.base_brier
    assert (await audited())[-1] == "likelihood.switched_itself_off"
    assert await find_model_in_use() is None


async def test_a_wave_that_ended_is_followed_once() -> None:
    await make_waves(waves=3)
    assert await follow_waves() is not None
    assert await follow_waves() is None
    async with engine.connection() as lent:
        await lent.execute("UPDATE likelihood_model SET trained_at = now() - interval '50 days'")
    trained = await follow_waves()
    assert trained is not None
    assert len((await review_likelihood()).verdicts) == 1


async def test_who_objects_is_in_nothing() -> None:
    made = await make_waves(waves=2)
    for contact in made.contacts[:100]:
        assert await likelihood.set_objection(contact, objects=True, at=datetime.now(UTC))
    gathered = await gather_history(datetime.now(UTC))
    assert not set(gathered.contact.tolist()) & set(made.contacts[:100])
    assert await likelihood.set_objection(made.contacts[0], objects=False, at=datetime.now(UTC))
    assert made.contacts[0] in set((await gather_history(datetime.now(UTC))).contact.tolist())


async def test_clicks_in_the_newsletter_count_for_those_who_agreed_from_when_they_were_read() -> None:
    made = await make_waves(people=450, waves=2)  # everybody asked 100 and 40 days ago
    agreed, silent, objecting = made.contacts[:3]
    async with engine.transaction():
        list_ = await insert("newsletter_connection", {"list_id": "list", "mapping": "{}"})
        sent = datetime.now(UTC) - timedelta(days=110)
        campaign = await insert(
            "newsletter_campaign", {"connection": list_, "campaign": "issue", "send_at": sent}
        )
        for contact in (agreed, silent, objecting):
            values = {"contact": contact, "campaign": campaign, "sent_at": sent, "clicks": 3,
                      "first_click_at": sent + timedelta(hours=2), "known_at": sent + timedelta(days=1),
                      "click_known_at": sent + timedelta(days=30)}  # fmt: skip
            await insert("newsletter_signal", values)
        for contact in (agreed, objecting):
            values = {"contact": contact, "purpose": "signals", "is_granted": True, "source": "own page",
                      "at": sent}  # fmt: skip
            await insert("consent", values)
        await likelihood.set_objection(objecting, objects=True, at=sent)
    gathered = await gather_history(datetime.now(UTC))
    clicked = column(gathered, "issues_clicked_180")
    own = gathered.contact == agreed
    for at, value in zip(gathered.sent[own].tolist(), clicked[own].tolist(), strict=True):
        # Clicked before the first wave, and that was read only before the second.
        assert value == (0.0 if at < gathered.sent.max() - 86_400 else 1.0)
    assert own.any()
    assert np.isnan(clicked[~own]).all()


async def test_an_attribute_is_a_feature_only_by_a_recorded_permission() -> None:
    await make_waves(people=1500, waves=3, asked=1000)
    async with engine.connection() as lent:
        await lent.execute(
            """UPDATE contact SET attributes = jsonb_build_object('age', CASE WHEN id % 2 = 0 THEN '18 to 34'
                   ELSE '65 and over' END), language = CASE WHEN id % 3 = 0 THEN 'fr' ELSE 'en' END"""
        )
        await lent.execute("DELETE FROM contact_attribute_past")  # as if it had been so all along
    assert "age" not in (await train_likelihood()).features
    with pytest.raises(NotFound, match="Nobody has an attribute"):
        await permit_feature("ages", record="DPIA 7", by="Data protection officer")
    await permit_feature("age", record="DPIA 7", by="Data protection officer")
    with pytest.raises(Conflict):
        await permit_feature("age", record="DPIA 7", by="Data protection officer")
    trained = await train_likelihood()
    assert "age" in trained.features
    assert "language" not in trained.features
    review = await review_likelihood()
    assert review.newest is not None
    assert review.newest.card.permitted == {"age": "DPIA 7"}
    assert [(one.attribute, one.record, one.permitted_by) for one in review.permissions] == [
        ("age", "DPIA 7", "Data protection officer")
    ]
    assert await forbid_feature("age", by="Data protection officer") is trained.is_on
    assert await find_model_in_use() is None
    assert "age" not in (await gather_history(datetime.now(UTC))).features.names
    rows = await fetch("SELECT withdrawn_by FROM likelihood_permission")
    assert rows == [{"withdrawn_by": "Data protection officer"}]


async def test_a_permitted_attribute_is_the_one_of_the_invitations_moment() -> None:
    """An age that is learned or corrected later is a leak if it describes invitations of before."""
    made = await make_waves(people=450, waves=2)  # everybody asked 100 and 40 days ago
    steady, changed, learned, lost = made.contacts[:4]
    async with engine.connection() as lent:
        for age, contact in (("old", steady), ("young", changed), ("old", lost)):
            await lent.execute(
                "UPDATE contact SET attributes = $1 WHERE id = $2", f'{{"age":"{age}"}}', contact
            )
        await lent.execute("DELETE FROM contact_attribute_past")
        changes = (("old", changed), ("older", changed), ("young", learned), (None, lost))
        for age, contact in changes:
            attributes = f'{{"age":"{age}"}}' if age else "{}"
            await lent.execute("UPDATE contact SET attributes = $1 WHERE id = $2", attributes, contact)
        # The changes happened between the waves, but for the last of one person, which is of today.
        await lent.execute("UPDATE contact_attribute_past SET until = now() - interval '70 days'")
        await lent.execute(
            """UPDATE contact_attribute_past SET until = now()
               WHERE attributes ->> 'age' = 'old' AND contact = $1""",
            changed,
        )
    await permit_feature("age", record="DPIA 7", by="Data protection officer")
    gathered = await gather_history(datetime.now(UTC))
    words = gathered.features.categories["age"]
    ages = column(gathered, "age")

    def age_of(contact: int) -> list[str | None]:
        return [None if np.isnan(one) else words[int(one)] for one in ages[gathered.contact == contact]]

    assert age_of(steady) == ["old", "old"]
    assert age_of(changed) == ["young", "old"]
    assert age_of(learned) == [None, "young"]
    assert age_of(lost) == ["old", None]
    assert np.isnan(ages[~np.isin(gathered.contact, made.contacts[:4])]).all()


async def test_a_model_of_another_version_is_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    await make_waves(waves=2)
    await train_likelihood()
    async with engine.connection() as lent:
        await lent.execute("UPDATE likelihood_model SET is_on = true")
    assert await find_model_in_use() is not None
    monkeypatch.setattr("sklearn.__version__", "0.1")
    assert await find_model_in_use() is None
    review = await review_likelihood()
    assert review.newest is not None
    assert not review.newest.is_readable
    with pytest.raises(ValueError, match="another version"):
        await find_model()


async def test_of_many_invitations_a_lot_decides_which_teach(monkeypatch: pytest.MonkeyPatch) -> None:
    await make_waves(waves=3)
    whole = await train_likelihood()
    monkeypatch.setattr("survey_service.services.likelihood.fit_model.MOST_ROWS", 600)
    some = [await train_likelihood(seed=seed) for seed in (1, 1, 2)]
    assert (whole.rows, [one.rows for one in some]) == (1350, [600, 600, 600])
    first, again, other = [await likelihood.get_content(one.model) for one in some]
    assert first == again != other
    cards = [read_model(await likelihood.get_content(one.model))[1] for one in (whole, some[0])]
    # Of every wave, and not only of the newest.
    assert cards[0].trained_from == cards[1].trained_from
    assert cards[0].trained_until == cards[1].trained_until


async def test_too_few_answers_teach_nothing() -> None:
    await make_waves(people=60, waves=1, asked=40)
    with pytest.raises(SurveyServiceError, match="too few rows"):
        await train_likelihood()
    assert await fetch("SELECT id FROM likelihood_model") == []
