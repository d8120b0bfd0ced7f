"""What people's attributes were before they changed: a model may only look at what was known at the time."""

from piccolo.columns import JSONB, BigSerial, ForeignKey, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from survey_service.db.tables.unit import Contact


class ContactAttributePast(Table):
    """One change, written by a trigger: the attributes that changed as they had been until then."""

    id = BigSerial(primary_key=True)
    contact = ForeignKey(Contact, on_delete=OnDelete.restrict, null=False, index=True)
    attributes = JSONB(help_text="of those that changed; null where there was none")
    until = Timestamptz(default=None, index=True)
