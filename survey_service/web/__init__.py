"""The web: respondents, staff and the API. The only layer, with app.py, that knows Litestar."""
