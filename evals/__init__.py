"""Evaluations: what Afterword claims, measured with inspect-ai over the rows of evals/datasets, offline and without a judge model."""
