"""The registries of papers, one file each; the folder is the list."""
