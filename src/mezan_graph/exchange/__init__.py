"""Requests to servers that the user named: who we are, what is tried again, what is final."""
