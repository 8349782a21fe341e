"""Value-stream metrics: what a team watches over time, in five categories, and how it learns to measure well."""
