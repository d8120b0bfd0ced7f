"""Answers to anonymous surveys between the moment they are sent and the moment they are mixed."""

from piccolo.columns import UUID, Boolean, Bytea, ForeignKey
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from survey_service.db.tables.survey import Survey


class SealedAnswer(Table):
    """One form, sealed and of a size that tells nothing. No time, no invitation, no order stands here."""

    id = UUID(primary_key=True, default=None, help_text="made of the page it was sent from, by chance")
    survey = ForeignKey(Survey, on_delete=OnDelete.restrict, null=False, index=True)
    sealed = Bytea()
    is_scanned = Boolean(default=False, help_text="looked through for danger")
