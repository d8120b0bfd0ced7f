"""The tables, one file per noun. Piccolo owns schema and migrations; queries live in `db/<noun>.py`."""
