"""Whether a person is in the frame at all, as SQL that every query about the frame shares.

Persons who left, did not consent to surveys, chose to be asked for none, cannot be reached on the channel
they chose, or paused are outside the frame and not in N_h. Resting, budget and cap are another matter: they
belong to the frame.
"""

LEFT, NO_CONSENT, CHOSE_NONE, NO_CHANNEL, PAUSED, IN_FRAME = range(6)

PEOPLE = f"""
    SELECT c.id, c.unit, c.reference, c.prn, c.inner_ticket, c.language, c.pseudonym,
        c.surveys_a_year, c.paused_until, c.has_email, c.has_mobile, CASE
        WHEN c.state = 'left' THEN {LEFT}
        WHEN NOT c.consents_to_surveys THEN {NO_CONSENT}
        WHEN c.surveys_a_year = 0 THEN {CHOSE_NONE}
        WHEN NOT c.has_details OR (c.channel = 'email' AND NOT c.has_email)
            OR (c.channel = 'text' AND NOT c.has_mobile) THEN {NO_CHANNEL}
        WHEN c.state = 'paused' THEN {PAUSED}
        ELSE {IN_FRAME} END::int2 AS standing
    FROM contact c
    WHERE c.state <> 'erased'
"""  # noqa: S608
"""Whoever was not erased, with the first reason that applies; a unit stands as its best-placed person."""
