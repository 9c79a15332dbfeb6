"""Build and keep a public collection of chest X-rays and CT scans.

This package root owns the version and nothing else: importing it must stay free.
"""

__version__ = "0.1.0"
