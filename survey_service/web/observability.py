"""Logs by allow-list, and metrics without names.

A field that is not on the list never reaches the log, whoever passes it: an answer, a token or an
address can only get there by a change to this file.
"""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

LOGGED_FIELDS = frozenset(
    [
        *("event", "level", "timestamp", "worker", "version"),
        *("method", "route", "status", "milliseconds", "error", "where"),
        *("job", "count", "survey", "draw"),
    ]
)

AREAS = frozenset(
    {"s", "o", "me", "tablet", "results", "staff", "api", "hooks", "static", "health", "ready", "metrics"}
)

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "survey_requests_total", "Answers by area and status.", ["area", "status"], registry=REGISTRY
)
SECONDS = Histogram(
    "survey_request_seconds",
    "Time to answer by area.",
    ["area"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
    registry=REGISTRY,
)


def keep_listed_fields(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every field that is not on the list."""
    return {name: value for name, value in event.items() if name in LOGGED_FIELDS}


def configure_logging(level: str) -> None:
    """Send logs as JSON lines to standard error; libraries' own loggers only from WARNING up."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_listed_fields,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def observe(scope: Mapping[str, Any], status: int, seconds: float) -> None:
    """Count one answer; write a line only for those that went wrong."""
    first = scope["path"].split("/", 2)[1]
    area = first if first in AREAS else "other"
    REQUESTS.labels(area, str(status)).inc()
    SECONDS.labels(area).observe(seconds)
    if status >= 400:
        log = structlog.get_logger()
        write = log.error if status >= 500 else log.info
        write(
            "request",
            method=scope["method"],
            route=scope.get("path_template") or "unmatched",
            status=status,
            milliseconds=round(seconds * 1000, 1),
        )


def log_failure(error: BaseException) -> None:
    """Log an unexpected error by type and place; its text could hold what a respondent typed."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = (
        f"{place.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{place.tb_lineno}" if place else "unknown"
    )
    structlog.get_logger().error("failure", error=type(error).__name__, where=where)


def metrics_page() -> bytes:
    """Return the metrics of this process in Prometheus' text format."""
    return generate_latest(REGISTRY)
