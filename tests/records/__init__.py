"""Tests of what people do: events, logs, assessments."""
