"""A new version of the rule looks through the texts of the last months once more, unless decided."""

from datetime import datetime, timedelta

from survey_service.db.rule_scan import begin_rule_scan, put_on_list_again
from survey_service.domain.danger import RULE_VERSION

RECENT = timedelta(days=90)
"""Danger somebody wrote of longer ago than this is no longer news to act on within minutes."""
AT_ONCE = 5_000
"""Answers a minute that are put on the list: new ones wait behind them for some seconds at most."""


async def scan_again(at: datetime, *, rule_version: str = RULE_VERSION) -> int:
    """Put one part of the recent answers on the list again; return of how many, none once all were there."""
    await begin_rule_scan(rule_version, at - RECENT)
    return await put_on_list_again(rule_version, AT_ONCE, at)
