"""Mailchimp: a port of some twenty calls, the client behind it, and a sandbox to try it all against.

No call of the port can create or subscribe a member, and none can send a campaign (`allowed.py`).
"""
