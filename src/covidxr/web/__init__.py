"""The review page: a local server, its pages, scripts and styles."""
