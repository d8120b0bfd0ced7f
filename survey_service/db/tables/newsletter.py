"""The newsletter: the days of its issues, around which nothing else is sent."""

from piccolo.columns import BigSerial, Date
from piccolo.table import Table


class NewsletterIssue(Table):
    """One issue, past or planned."""

    id = BigSerial(primary_key=True)
    sent_on = Date(unique=True)
