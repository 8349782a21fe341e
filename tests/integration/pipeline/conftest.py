from tests.faults import beat, own_broker, worker

__all__ = ["beat", "own_broker", "worker"]
