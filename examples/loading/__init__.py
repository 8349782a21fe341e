"""Load the example partnership of examples/nhs_vmi: its trusts as published, its readings reconstructed or generated.

Rows go in by bulk, as an import would bring them; the database's own triggers mark the dashboards and keep the events.
"""
