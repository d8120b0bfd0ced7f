"""Each handing over of a mail to the mail server, written before and after."""

from piccolo.columns import BigSerial, ForeignKey, Integer, SmallInt, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.table import Table

from survey_service.db.tables.message import Message


class MailRun(Table):
    """One turn of sending what waits."""

    id = BigSerial(primary_key=True)
    started_at = Timestamptz(default=TimestamptzNow())
    ended_at = Timestamptz(null=True, default=None, help_text="empty while it works, or when it was killed")
    sent = Integer(default=0)
    problem = Varchar(length=200, null=True, default=None, help_text="why the mail server took nothing")


class MailAttempt(Table):
    """One attempt to hand a message over."""

    id = BigSerial(primary_key=True)
    message = ForeignKey(Message, on_delete=OnDelete.restrict, null=False, index=True)
    mail_run = ForeignKey(MailRun, on_delete=OnDelete.restrict, null=False)
    started_at = Timestamptz(default=TimestamptzNow(), index=True)
    handed_over_at = Timestamptz(
        null=True, default=None, help_text="written before the text of the mail goes: from here it may be out"
    )
    ended_at = Timestamptz(null=True, default=None)
    outcome = Varchar(
        length=20, null=True, default=None, help_text="sent, refused, deferred, unsent, uncertain"
    )
    code = SmallInt(null=True, default=None, help_text="of the server's reply")
    reply = Varchar(length=200, null=True, default=None, help_text="of the server, without addresses")
