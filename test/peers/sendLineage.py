"""Reports a training and what it read with OpenLineage's own client; where to, the environment says as its documentation has it."""

import sys
import uuid

from openlineage.client import OpenLineageClient
from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import (
    column_lineage_dataset,
    dataset_type_dataset,
    dataset_version_dataset,
    source_code_location_job,
    symlinks_dataset,
)

model, version, commit = sys.argv[1:4]
client = OpenLineageClient()
producer = "https://git.example.com/credit"


def pinned(value):
    return {"version": dataset_version_dataset.DatasetVersionDatasetFacet(datasetVersion=value)}


def emit(state, time, run, job, inputs, outputs):
    client.emit(
        RunEvent(
            eventType=state,
            eventTime=time,
            run=Run(runId=str(uuid.uuid5(uuid.NAMESPACE_URL, run))),
            job=job,
            inputs=inputs,
            outputs=outputs,
            producer=producer,
        )
    )


train = Job(
    namespace="pipelines",
    name="train",
    facets={
        "sourceCodeLocation": source_code_location_job.SourceCodeLocationJobFacet(
            type="git", url=producer, repoUrl=producer, version=commit
        )
    },
)
load = Job(namespace="pipelines", name="load")
loans = "loans"

# The end comes before the start, and what was loaded last of all
emit(
    RunState.COMPLETE,
    "2026-11-20T09:00:00+00:00",
    "train",
    train,
    [InputDataset(namespace="s3://lake", name=loans, facets=pinned("2026-10"))],
    [
        OutputDataset(
            namespace="mlflow://main",
            name=model,
            facets={
                **pinned(version),
                "datasetType": dataset_type_dataset.DatasetTypeDatasetFacet(datasetType="MODEL"),
            },
        )
    ],
)
emit(
    RunState.START,
    "2026-11-20T08:00:00+00:00",
    "train",
    train,
    [InputDataset(namespace="s3://lake", name=loans)],
    [],
)
emit(
    RunState.COMPLETE,
    "2026-11-20T07:00:00+00:00",
    "load",
    load,
    [InputDataset(namespace="postgres://crm", name="public.loans")],
    [
        OutputDataset(
            namespace="s3://lake",
            name=loans,
            facets={
                **pinned("2026-10"),
                "symlinks": symlinks_dataset.SymlinksDatasetFacet(
                    identifiers=[
                        symlinks_dataset.Identifier(
                            namespace="backstage", name="resource:default/loans", type="TABLE"
                        )
                    ]
                ),
                "columnLineage": column_lineage_dataset.ColumnLineageDatasetFacet(
                    fields={
                        "income": column_lineage_dataset.Fields(
                            inputFields=[
                                column_lineage_dataset.InputField(
                                    namespace="postgres://crm", name="public.loans", field="gross_income"
                                )
                            ],
                        )
                    }
                ),
            },
        )
    ],
)
