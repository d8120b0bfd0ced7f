"""Where an open link was found: the ways the customer publishes on."""

CHANNELS = (
    "twitter",
    "facebook",
    "youtube",
    "linkedin",
    "instagram",
    "snapchat",
    "flickr",
    "soundcloud",
    "tumblr",
    "medium",
    "messenger",
    "website",
    "magazine",
    "poster",
    "event",
    "face-to-face",
)
"""Each channel's word in links."""

OFFLINE_CHANNELS = ("tablet", "paper", "phone")
"""Ways without a link to publish: only the service itself writes these."""

OTHER_CHANNEL = "other"
channel_words = (*CHANNELS, OTHER_CHANNEL)


def read_channel(text: str | None) -> str:
    """The channel of this name; `other` for anything else, as strangers can write what they like."""
    return text if text in channel_words else OTHER_CHANNEL
