"""What goes wrong around the program: kills, failing disks, many at once."""
