"""Who looked over the words in a language: of one survey, and of the pages around every survey."""

from piccolo.columns import BigSerial, Bytea, ForeignKey, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults import TimestamptzNow
from piccolo.constraints import Unique
from piccolo.table import Table

from survey_service.db.tables.staff import Staff
from survey_service.db.tables.survey import Survey


class TranslationReview(Table):
    """A survey's words in one language as somebody accepted them."""

    id = BigSerial(primary_key=True)
    survey = ForeignKey(Survey, on_delete=OnDelete.restrict, null=False)
    language = Varchar(length=20)
    content_hash = Bytea(help_text="of what was accepted; other words are not accepted")
    staff = ForeignKey(Staff, on_delete=OnDelete.restrict, null=False)
    reviewed_at = Timestamptz(default=TimestamptzNow())

    translation_review_survey_language_content_unique = Unique([survey, language, content_hash])


class AcceptedLanguage(Table):
    """A language whose pages (buttons, notices, messages) somebody accepted."""

    id = BigSerial(primary_key=True)
    language = Varchar(length=20, unique=True)
    staff = ForeignKey(Staff, on_delete=OnDelete.restrict, null=False)
    accepted_at = Timestamptz(default=TimestamptzNow())
