"""Batches: many requests in one, done in no promised order, with results in a tar.gz for ten minutes."""

import io
import json
import random
import tarfile
from collections.abc import Callable
from typing import Any

import msgspec

from survey_service.integrations.mailchimp.sandbox.answers import Answer, Asked, not_there
from survey_service.integrations.mailchimp.sandbox.faults import answer_of
from survey_service.integrations.mailchimp.sandbox.state import Sandbox, new_id, stamp

RESULT_SECONDS = 600
MOST_PENDING = 500

Run = Callable[[Sandbox, Asked], tuple[int, Any]]


class SandboxBatch(msgspec.Struct, kw_only=True):
    """A batch, pending for so many looks at it."""

    id: str
    operations: list[dict[str, Any]]
    looks: int = 0
    outcomes: list[dict[str, Any]] = []
    told_at: int = 0
    key: str = ""


def start(sandbox: Sandbox, asked: Asked) -> dict[str, Any]:
    """POST batches."""
    if sum(not one.outcomes for one in sandbox.batches.values()) >= MOST_PENDING:
        raise Answer(429, "Too Many Requests", "You have more than 500 pending batches.")
    batch = SandboxBatch(id=new_id(), operations=asked.body["operations"])
    sandbox.batches[batch.id] = batch
    return _show(sandbox, batch, "")


def show(sandbox: Sandbox, asked: Asked, name: str, run: Run, base: str) -> dict[str, Any]:
    """GET a batch: pending at the first look, finished at the second; each look gives a fresh address."""
    if name not in sandbox.batches:
        raise not_there()
    batch: SandboxBatch = sandbox.batches[name]
    batch.looks += 1
    if batch.looks > 1 and not batch.outcomes:
        batch.outcomes = [_run(sandbox, one, run) for one in batch.operations]
        random.shuffle(batch.outcomes)
    if batch.outcomes:
        batch.told_at, batch.key = sandbox.now(), new_id()
    return _show(sandbox, batch, base)


def _run(sandbox: Sandbox, operation: dict[str, Any], run: Run) -> dict[str, Any]:
    asked = Asked(
        method=operation["method"],
        path=operation["path"],
        query={key: str(value) for key, value in (operation.get("params") or {}).items()},
        body=json.loads(operation.get("body") or "null"),
    )
    ordered = sandbox.refuse_in_batches.get(asked.path.rpartition("/")[2])
    if ordered is None:
        status, answer = run(sandbox, asked)
    else:
        kind = "400_merge" if ordered == 400 else str(ordered)
        status, answer = ordered, json.loads(answer_of(kind)[2])
    return {
        "status_code": status,
        "operation_id": operation.get("operation_id"),
        "response": json.dumps(answer or {}),
    }


def _show(sandbox: Sandbox, batch: SandboxBatch, base: str) -> dict[str, Any]:
    is_done = bool(batch.outcomes)
    errored = sum(one["status_code"] >= 400 for one in batch.outcomes)
    return {
        "id": batch.id,
        "status": "finished" if is_done else "pending",
        "total_operations": len(batch.operations),
        "finished_operations": len(batch.outcomes),
        "errored_operations": errored,
        "submitted_at": stamp(sandbox.now()),
        "completed_at": stamp(sandbox.now()) if is_done else "",
        "response_body_url": f"{base}/sandbox/results/{batch.id}/{batch.key}" if is_done else "",
    }


def results(sandbox: Sandbox, name: str, key: str) -> bytes | None:
    """Return the archive, or None when the address is too old."""
    batch: SandboxBatch | None = sandbox.batches.get(name)
    if batch is None or key != batch.key or sandbox.now() - batch.told_at > RESULT_SECONDS:
        return None
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        data = json.dumps(batch.outcomes).encode()
        entry = tarfile.TarInfo("./results-1.json")
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return content.getvalue()
