"""Statistical models. Database tables are in survey_service/db/tables/."""
