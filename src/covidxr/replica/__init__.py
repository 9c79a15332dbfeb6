"""A replica of the four sites: invented cases in every generation of their markup, on localhost.

Each page says that it is synthetic. Nothing in it is copied from a site: texts, names and clinical
facts are made up, pictures are drawn.

It stands in for the sites in `covidxr demo` and in the tests. No other part of covidxr knows of it,
and it knows nothing of how covidxr reads a site: else a mistake on both sides would look right.
"""
