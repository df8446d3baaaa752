"""What stops a benchmark."""


class BenchmarkError(Exception):
    """A benchmark that cannot go on; says why and what to do."""
