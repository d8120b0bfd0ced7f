"""The queue of background jobs, kept in the same PostgreSQL as everything else.

A job's arguments stand in the queue's table and in the worker's log: ids only, never an answer, an address
or a token.
"""

from procrastinate import App, PsycopgConnector

from survey_service.jobs.fieldwork import FIELDWORK
from survey_service.jobs.housekeeping import HOUSEKEEPING
from survey_service.jobs.likelihood import LIKELIHOOD
from survey_service.jobs.mail import MAIL
from survey_service.jobs.newsletter import NEWSLETTER
from survey_service.jobs.safeguarding import SAFEGUARDING

CONNECTIONS = 4
"""Of the queue itself, next to the pool that the services use: fetch, listen, heartbeat, finish."""


def job_app(url: str) -> App:
    """Return the queue with every job this program knows; nothing connects before it is opened."""
    app = App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=CONNECTIONS))
    app.add_tasks_from(HOUSEKEEPING, namespace="housekeeping")
    app.add_tasks_from(FIELDWORK, namespace="fieldwork")
    app.add_tasks_from(MAIL, namespace="mail")
    app.add_tasks_from(NEWSLETTER, namespace="newsletter")
    app.add_tasks_from(LIKELIHOOD, namespace="likelihood")
    app.add_tasks_from(SAFEGUARDING, namespace="safeguarding")
    return app
