"""The sites that cases are taken from, one file each."""
