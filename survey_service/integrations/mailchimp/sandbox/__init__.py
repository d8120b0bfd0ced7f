"""A stand-in for Mailchimp that keeps state, for trying the newsletter without an account, and for tests.

`survey-service mailchimp sandbox` serves it. Two servers in one: the API under `/3.0`, as strict as the real
one and stricter where that helps; and what no API can do, because people do it: editors and subscribers,
under `/sandbox` (control) and `/` (pages to look at).
"""
