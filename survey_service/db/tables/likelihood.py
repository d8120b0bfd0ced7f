"""Response likelihood: fitted models, how each did on the next wave, and what people and law allow."""

from piccolo.columns import (
    JSONB,
    BigSerial,
    Boolean,
    Bytea,
    DoublePrecision,
    ForeignKey,
    Integer,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.constraints import Unique
from piccolo.table import Table

from survey_service.db.tables.draw import Wave
from survey_service.db.tables.staff import Staff
from survey_service.db.tables.unit import Contact


class LikelihoodModel(Table):
    """One fitted model with its card; the newest is the one that counts, while it is on."""

    id = BigSerial(primary_key=True)
    trained_at = Timestamptz(default=TimestamptzNow())
    seed = Integer()
    card = JSONB(help_text="what somebody must know before using it")
    content = Bytea(help_text="skops file: opening it runs no code")
    is_on = Boolean()
    reason = Varchar(length=400, help_text="why it is on or off")
    decided_at = Timestamptz(default=TimestamptzNow())
    staff = ForeignKey(Staff, on_delete=OnDelete.restrict, null=True, default=None)


class LikelihoodVerdict(Table):
    """A model against the stratum's last response rate, on a wave that it was not taught."""

    id = BigSerial(primary_key=True)
    likelihood_model = ForeignKey(LikelihoodModel, on_delete=OnDelete.restrict, null=False)
    wave = ForeignKey(Wave, on_delete=OnDelete.restrict, null=False)
    invitations = Integer()
    answered = Integer()
    expected = DoublePrecision(help_text="answers that the model expected")
    brier = DoublePrecision()
    base_brier = DoublePrecision(help_text="of the stratum's last response rate")
    at = Timestamptz(default=TimestamptzNow())

    likelihood_verdict_likelihood_model_wave_unique = Unique([likelihood_model, wave])


class LikelihoodPermission(Table):
    """An attribute of people that may be a feature, by an entry of the data-protection record."""

    id = BigSerial(primary_key=True)
    attribute = Varchar(length=60)
    record = Varchar(length=200, help_text="where in the data-protection record it is allowed")
    permitted_by = Varchar(length=254)
    permitted_at = Timestamptz(default=TimestamptzNow())
    withdrawn_by = Varchar(length=254, null=True, default=None)
    withdrawn_at = Timestamptz(null=True, default=None)


class LikelihoodObjection(Table):
    """Somebody whose past must not be looked at, neither for learning nor for expecting."""

    id = BigSerial(primary_key=True)
    contact = ForeignKey(Contact, on_delete=OnDelete.restrict, null=False, unique=True)
    at = Timestamptz(default=TimestamptzNow())
