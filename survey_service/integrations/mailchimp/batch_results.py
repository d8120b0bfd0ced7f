"""The results of a batch: a tar.gz of JSON files, in no order, whose names begin with `./`."""

import io
import tarfile
from typing import Any

import msgspec

from survey_service.integrations.mailchimp.errors import Unanswered
from survey_service.integrations.mailchimp.port import OperationOutcome


def read_results(archive: bytes) -> list[OperationOutcome]:
    """Return what became of each operation. `response` is JSON inside a string."""
    found = []
    try:
        with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as opened:
            for entry in opened:
                file = opened.extractfile(entry) if entry.isfile() and entry.name.endswith(".json") else None
                if file is not None:
                    found += [_outcome(one) for one in msgspec.json.decode(file.read())]
    except (tarfile.TarError, EOFError, OSError, msgspec.DecodeError) as error:
        raise Unanswered("The results of the batch cannot be read.") from error
    return found


def _outcome(one: dict[str, Any]) -> OperationOutcome:
    try:
        answer = msgspec.json.decode(one.get("response") or "{}")
    except msgspec.DecodeError:
        answer = {}
    return OperationOutcome(
        operation_id=str(one.get("operation_id", "")),
        status=int(one.get("status_code", 0)),
        answer=answer if isinstance(answer, dict) else {},
    )
