"""Answers that came by a link in an issue of the newsletter before we heard that the issue is out."""

from piccolo.columns import BigSerial, Bytea, ForeignKey, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from survey_service.db.tables.invitation import Invitation


class EarlyAnswer(Table):
    """One submission, whole, until its invitation is known to be sent; then it becomes a response."""

    id = BigSerial(primary_key=True)
    invitation = ForeignKey(Invitation, on_delete=OnDelete.restrict, null=False, unique=True)
    submission = Bytea(help_text="db.submission.Submission as JSON")
    submitted_at = Timestamptz(default=None)
