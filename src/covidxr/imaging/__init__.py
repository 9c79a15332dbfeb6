"""Bytes in, facts out: what an image or volume file says of itself, and what is wrong with it.

Start at :func:`covidxr.imaging.examine.examine`. This package opens no file; Pillow, pydicom and
numpy are imported only when a file needs them.
"""
