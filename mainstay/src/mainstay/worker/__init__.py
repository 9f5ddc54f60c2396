"""The worker: runs jobs and schedules; the job engine (procrastinate) is known here and nowhere else."""
