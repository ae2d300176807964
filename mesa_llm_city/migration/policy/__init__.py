"""Policies on the people of a survey: what changes for them, and what models expect of it."""

__all__: list[str] = []
