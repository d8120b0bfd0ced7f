"""The only code that speaks SQL: tables and migrations by Piccolo, every query in `db/<noun>.py`."""

import os

os.environ["PICCOLO_CONF"] = "survey_service.db.piccolo_conf"
