"""A replica of the four sites: invented cases in every generation of their markup, on localhost.

Each page says that it is synthetic. Nothing in it is copied from a site: texts, names and clinical
facts are made up, pictures are drawn.
"""
