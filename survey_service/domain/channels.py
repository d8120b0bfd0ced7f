"""Where an open link was found: the ways the customer publishes on."""

channel_names = (
    "twitter",
    "facebook",
    "youtube",
    "linkedin",
    "instagram",
    "website",
    "magazine",
    "face-to-face",
    "other",
)


def read_channel(text: str | None) -> str:
    """The channel of this name; `other` for anything else, as strangers can write what they like."""
    return text if text in channel_names else "other"
