"""Telling people: to be filled by the outreach room."""
