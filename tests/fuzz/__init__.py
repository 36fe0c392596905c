"""Inputs that nobody would write, by the thousand: none may crash, hang, write elsewhere or be answered wrongly.

    python -m tests.fuzz                                    # 500 of each kind, by a process a core
    python -m tests.fuzz --of packages --count 5000 --seed 7
    python -m tests.fuzz --again                            # what was found before (tests/fuzz/seeds)

Each input is made from a valid one (a random package, a study, an allocation, a workbook of odd names, a results
folder), and spoiled: cells, rows, columns, keys, encodings, bytes, files. It ends in one of these:

refused      every problem names a place, what is wrong and what would be right
same         accepted, with the answer of the independent formulation (tests/independent), or as it was written
no solution  accepted and contradictory: the independent formulation finds nothing either
not proved   no certificate within the tolerance, and therefore no answer: told, not silent
not compared accepted, but the independent formulation or its solver gave no answer to compare with

and everything else is a finding: differs, traceback, hang (more than 10 seconds of this process), outside (a file
touched that is not below the folder of the run), mute (refused without place or remedy). `--keep` stores findings as
seeds. Numbers agree to 1e-6 relative, or to 1e-9 of all final demand.
"""
