"""Figures of a run for papers: each by its name, at the width of a journal's column."""
