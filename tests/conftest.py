"""Settings that hold for every test."""

from hypothesis import settings

# A busy machine is slow, not wrong.
settings.register_profile("covidxr", deadline=None)
settings.load_profile("covidxr")
