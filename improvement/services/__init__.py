"""The services that `make run` and the tests start: database, broker, web, worker and beat."""
