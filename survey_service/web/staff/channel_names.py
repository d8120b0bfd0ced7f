"""What the ways to an open form are called on screen."""

from survey_service.web.staff.page import gettext


def channel_names() -> dict[str, str]:
    """Each channel's word with its name; an answer whose way nobody knows has none."""
    return {
        "": gettext("Another, or not known"),
        "other": gettext("Another, or not known"),
        "twitter": gettext("Twitter"),
        "facebook": gettext("Facebook"),
        "youtube": gettext("YouTube"),
        "linkedin": gettext("LinkedIn"),
        "instagram": gettext("Instagram"),
        "snapchat": gettext("Snapchat"),
        "flickr": gettext("Flickr"),
        "soundcloud": gettext("SoundCloud"),
        "tumblr": gettext("Tumblr"),
        "medium": gettext("Medium"),
        "messenger": gettext("Messenger"),
        "website": gettext("Website"),
        "magazine": gettext("Residents’ magazine"),
        "poster": gettext("Poster"),
        "event": gettext("Event"),
        "face-to-face": gettext("Face to face"),
        "tablet": gettext("Tablet at an event"),
        "paper": gettext("Paper"),
        "phone": gettext("Telephone"),
    }
