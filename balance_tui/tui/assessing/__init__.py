"""Assessments in the app: what is recorded, by whom, and what it would change before it is."""
