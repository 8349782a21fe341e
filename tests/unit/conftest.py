"""Property tests assert no time: on a busy machine one example in a thousand takes longer than is waited for."""

from hypothesis import HealthCheck, settings

# Made of the profile that stands, so that on CI the same examples are tried each time.
settings.register_profile("unhurried", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
