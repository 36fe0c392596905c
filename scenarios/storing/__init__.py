"""The results folder of a study: written whole or not at all, readable with no Tierwise installed.

study.json            the study in full, what it overrides, versions and the hash of each package
inputs/PACKAGE/       the files of the packages that were read, as they were
cases/CASE.json       the answers of a case, as `--json` prints them
tables/*.parquet      the same answers as one table a kind over all cases; tables.xlsx holds them for Excel
report.html .md .xlsx the report, made from the rest
tierwise.json         of which study these are results, and every file that was written: only those are ever replaced
hashes.json           SHA-256 of every file above
log.txt               what ran when, and for how long
"""

from scenarios.storing.reading import StoredCase, StoredStudy, read_results
from scenarios.storing.writing import write_results

__all__ = ["StoredCase", "StoredStudy", "read_results", "write_results"]
