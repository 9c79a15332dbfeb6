"""Settings that hold for every test."""

import os

from hypothesis import settings

# A busy machine is slow, not wrong. A check of somebody's change tries the same examples each time,
# so that it fails for what the change did; on a developer's machine each run tries others.
settings.register_profile("covidxr", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("covidxr")
