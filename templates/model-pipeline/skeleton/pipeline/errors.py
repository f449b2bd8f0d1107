"""What may go wrong, told apart: quality says no, or the machinery is broken."""


class QualityFailure(Exception):
    """A check says no. The run is a `failure`: it worked, and refused."""


class PipelineError(Exception):
    """Something around the pipeline is broken or missing. The run is an `error`, and may be repeated."""
