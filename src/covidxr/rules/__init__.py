"""One rule a file, named after its code and its name: the folder listing is the index."""
