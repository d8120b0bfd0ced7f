"""Piccolo's entry point (PICCOLO_CONF). The engine learns its address when the database is opened."""

from piccolo.conf.apps import AppRegistry

from survey_service.db.engine import ENGINE

DB = ENGINE

APP_REGISTRY = AppRegistry(apps=["survey_service.db.piccolo_app"])
