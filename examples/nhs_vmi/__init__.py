"""The example partnership: five trusts of a published evaluation, and readings reconstructed to match its totals."""
