"""How an answer was given: on the web by the person alone, on a tablet at an event, or typed in by staff."""

from collections.abc import Mapping
from typing import Literal, get_args

Mode = Literal["web", "tablet", "paper", "interview", "phone"]
modes: tuple[Mode, ...] = get_args(Mode)

EnteredMode = Literal["paper", "interview", "phone"]
entered_modes: tuple[EnteredMode, ...] = get_args(EnteredMode)
"""Typed in by staff: from paper, face to face, on the telephone."""

CHANNEL_OF: Mapping[Mode, str] = {
    "tablet": "tablet",
    "paper": "paper",
    "interview": "face-to-face",
    "phone": "phone",
}
"""The channel of an answer that nobody was invited to; on the web the link says it."""
