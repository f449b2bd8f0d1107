"""What the portal is told, and what happens when it does not listen."""

import pytest

from pipeline.errors import PipelineError
from pipeline.report import Portal

RUN = {"outcome": "running"}


def test_a_report_arrives_with_the_token(repository, portal):
    Portal(repository, portal.url + "/", "secret", pause=0).put_run("run-1", RUN)
    name = repository.name
    assert portal.requests == [("PUT", f"/api/model-delivery/models/default/{name}/runs/run-1", RUN)]
    assert portal.authorizations == ["Bearer secret"]


def test_passing_trouble_is_tried_again(repository, portal):
    portal.answers = [(503, {}), (429, {}), (200, {"version": "1"})]
    assert Portal(repository, portal.url, None, pause=0).post_version({}) == {"version": "1"}
    assert len(portal.requests) == 3


def test_a_refusal_is_not_tried_again_and_says_why(repository, portal):
    error = {"name": "InputError", "message": "Invalid", "errors": [{"path": "parts.code", "message": "is missing"}]}
    portal.answers = [(400, {"error": error})]
    with pytest.raises(PipelineError, match="400: Invalid: parts.code is missing"):
        Portal(repository, portal.url, None, pause=0).post_version({})
    assert len(portal.requests) == 1


@pytest.mark.parametrize(("status", "hint"), [(401, "SLIPWAY_TOKEN"), (403, "may not report"), (404, "catalog")])
def test_a_refusal_comes_with_advice(repository, portal, status, hint):
    portal.answers = [(status, {})]
    with pytest.raises(PipelineError, match=hint):
        Portal(repository, portal.url, None, pause=0).post_evaluation("1", {})


def test_no_portal_is_said_after_some_attempts(repository, portal):
    portal.close()
    with pytest.raises(PipelineError, match=r"cannot be reached: .*\(5 attempts\)"):
        Portal(repository, portal.url, None, pause=0).put_run("run-1", RUN)


def test_what_is_no_number_is_never_sent(repository, portal):
    with pytest.raises(ValueError, match="JSON"):
        Portal(repository, portal.url, None, pause=0).post_evaluation("1", {"metrics": [{"value": float("nan")}]})
    assert portal.requests == []
