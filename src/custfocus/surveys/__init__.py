"""Surveys that were drawn by a design: weights, strata, clusters, replicate weights."""
