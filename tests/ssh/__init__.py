"""Tests through a real sshd on the loopback."""
