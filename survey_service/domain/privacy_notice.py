"""The versions of the privacy notice: each with its first day and the fingerprint of its English texts.

Every response and every consent given on the join page keeps the version that was shown. Whoever edits the
notice adds a version; a test holds the newest to the template. The texts of older ones are in the history of
`templates/respondent/privacy_notice.html`.
"""

from datetime import date

import msgspec


class PrivacyNotice(msgspec.Struct, frozen=True):
    """One version."""

    version: str
    since: date
    fingerprint: str


PRIVACY_NOTICES = (
    PrivacyNotice("2026-11", date(2026, 11, 23), "e33087477f00"),
    PrivacyNotice("2026-11b", date(2026, 11, 25), "d3431432be05"),
    PrivacyNotice("2026-11c", date(2026, 11, 25), "a98d24c1b70c"),
    PrivacyNotice("2026-11d", date(2026, 11, 25), "6ce8d6a14f08"),
    PrivacyNotice("2026-11e", date(2026, 11, 26), "248a3e1cdf55"),
    PrivacyNotice("2026-11f", date(2026, 11, 26), "ca76d89e6f79"),
)
"""The oldest first; the last one is shown."""

SHOWN = PRIVACY_NOTICES[-1]
