"""Settings for all tests."""

import os

from hypothesis import HealthCheck, settings

# A shared machine stalls now and then; that is no fault of the code under test. Where CI is
# set, hypothesis has a profile of its own for that.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
if "CI" not in os.environ:
    settings.load_profile("patient")

# What somebody fetched on this machine must not decide how a test ends.
os.environ["L10N_CACHE"] = os.devnull
os.environ["NO_PROXY"] = "127.0.0.1"
for variable in ("L10N_OFFLINE", "L10N_MOZILLA_SERVER", "HF_ENDPOINT", "HF_HUB_OFFLINE"):
    os.environ.pop(variable, None)
