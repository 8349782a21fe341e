"""The golden thread: national priority, objective, value stream, RPIW, measure, metric, as of a day."""
