"""Texts that are looked through once more because the rule got a new version."""

from datetime import datetime

from survey_service.db.engine import connection


async def begin_rule_scan(rule_version: str, since: datetime) -> None:
    """Note that this version is in force; nothing when that was noted before."""
    async with connection() as lent:
        await lent.execute(
            """INSERT INTO rule_scan (rule_version, since) VALUES ($1, $2)
               ON CONFLICT (rule_version) DO NOTHING""",
            rule_version,
            since,
        )


async def put_on_list_again(rule_version: str, most: int, at: datetime) -> int:
    """Put some more recent answers on the waiting list, at the end what is begun, too; return how many.

    In one statement: stopped anywhere, it goes on where it was. An answer whose every notice somebody has
    decided on stays off, and so do answers without words. Two workers never do the same part.
    """
    async with connection() as lent:
        done: int | None = await lent.fetchval(
            """WITH scan AS (
                   SELECT id, since, through FROM rule_scan
                   WHERE rule_version = $1 AND finished_at IS NULL FOR UPDATE SKIP LOCKED
               ), part AS MATERIALIZED (
                   SELECT r.id FROM response r, scan
                   WHERE r.id > scan.through AND r.submitted_at >= scan.since
                   ORDER BY r.id LIMIT $2
               ), told AS (
                   INSERT INTO text_to_scan (response)
                   SELECT p.id FROM part p
                   WHERE EXISTS (SELECT FROM answer a WHERE a.response = p.id AND a.text_value IS NOT NULL
                       AND NOT EXISTS (SELECT FROM danger_notice n WHERE n.response = p.id
                           AND n.question = a.question AND n.state IN ('acted', 'not_needed')))
               ), begun AS (
                   INSERT INTO text_to_scan (begun_form) SELECT b.id FROM begun_form b, scan
                   WHERE (SELECT count(*) FROM part) < $2
               ), moved AS (
                   UPDATE rule_scan SET through = coalesce((SELECT max(id) FROM part), rule_scan.through),
                       finished_at = CASE WHEN (SELECT count(*) FROM part) < $2 THEN $3::timestamptz END
                   FROM scan WHERE rule_scan.id = scan.id
               )
               SELECT count(*) FROM part""",
            rule_version,
            most,
            at,
        )
    return done or 0
