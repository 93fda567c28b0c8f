"""What `make bench` runs: the program beside yardsticks measured in the same run (DESIGN 9)."""
