"""Populations as columns: a million people in some hundred megabytes.

`PopulationColumns` is the public class. `person_arrays` holds the columns and their checks,
`own_words` draws names and hobbies when they are asked for, `persona_build` makes persons of
rows and `persona_read` rows of persons, and `parquet` writes and reads files.
"""

from __future__ import annotations

__all__: list[str] = []
