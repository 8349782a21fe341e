"""The numbers: plain functions on values and sequences, which know nothing of Django.

A missing value is None, never zero. Stored values are Decimal; float is used only for what is computed from them.
"""
