"""Faults made on purpose: a study killed, or its disk full, at every moment at which it touches a file.

    python -m tests.faults                       # 100 kills and 20 full disks, over all moments of a small study
    python -m tests.faults --kills 10 --full 5
    python -m tests.faults --kills 0 --full 0    # the others alone

A moment is an event that Python tells of (an audit hook): a file opened for writing, renamed or removed, a folder made
or removed, somewhere below the folder of the run. No clock decides. Killed is the process itself, with SIGKILL; of two
kills at the opening of a file one leaves the file cut short. After each fault the same command runs again, undisturbed,
and must give the same bytes as a run that nothing disturbed.

The others are tests, run at the end: runs that start at once or one after the other into one folder, a worker that is
killed, signals, answers and results that were edited, and that everything is forced to the disk (a loss of power).
"""
