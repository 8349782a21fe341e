from tests.installation import _nothing_left_running, installation, world

__all__ = ["_nothing_left_running", "installation", "world"]
