"""Where an open link was found: the ways the customer publishes on."""

CHANNELS = {
    "twitter": "Twitter",
    "facebook": "Facebook",
    "youtube": "YouTube",
    "linkedin": "LinkedIn",
    "instagram": "Instagram",
    "snapchat": "Snapchat",
    "flickr": "Flickr",
    "soundcloud": "SoundCloud",
    "tumblr": "Tumblr",
    "medium": "Medium",
    "messenger": "Messenger",
    "website": "Website",
    "magazine": "Residents’ magazine",
    "poster": "Poster",
    "event": "Event",
    "face-to-face": "Face to face",
}
"""Each channel's word in links with its name for staff."""

OFFLINE_CHANNELS = {"tablet": "Tablet at an event", "paper": "Paper", "phone": "Telephone"}
"""Ways without a link to publish: only the service itself writes these."""

channel_names = (*CHANNELS, "other")


def read_channel(text: str | None) -> str:
    """The channel of this name; `other` for anything else, as strangers can write what they like."""
    return text if text in channel_names else "other"
