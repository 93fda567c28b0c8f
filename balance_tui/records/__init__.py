"""What people do to an assessment: an append-only log of events, and everything that follows from it."""
