"""Formats of annotations, one file each: the folder is the registry."""
