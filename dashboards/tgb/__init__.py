"""What the TGB reads of its trusts and of the regulator, and the papers that are frozen of it."""
