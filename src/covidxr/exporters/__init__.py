"""Export formats: one file each. The folder is the registry.

An exporter receives a read-only dataset and yields artifacts; it opens no file. What an export has
in common with every other stands in :mod:`covidxr.exportcontents` and
:mod:`covidxr.columntypes`; writing it to the disk is :mod:`covidxr.export`'s.
"""
