"""Studies: what is asked of which chains. As files (TOML) or as scripts; both say the same."""

from scenarios.studies.parts import Axis, Case, Change, Draws, Grid, NewRow
from scenarios.studies.reading import StudyFile, read_study, shipped_studies
from scenarios.studies.study import Study

__all__ = ["Axis", "Case", "Change", "Draws", "Grid", "NewRow", "Study", "StudyFile", "read_study", "shipped_studies"]
