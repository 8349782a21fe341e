"""Importing a file: what is to be read of it, staging it, comparing it with what is recorded, and writing it."""
