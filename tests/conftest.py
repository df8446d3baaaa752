"""Settings for all tests."""

import os

from hypothesis import HealthCheck, settings

# A shared machine stalls now and then; that is no fault of the code under test. Where CI is
# set, hypothesis has a profile of its own for that.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
if "CI" not in os.environ:
    settings.load_profile("patient")
