"""Forms for people who are not online: printed, and typed in by staff."""
