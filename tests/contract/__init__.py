"""The contract of the command line (DESIGN 8), tried on files as a user would give them."""
