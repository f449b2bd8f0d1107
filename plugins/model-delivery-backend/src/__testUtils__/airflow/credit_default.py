"""Trains credit-default: applicants of the warehouse become features, a file for training, and a version of the model."""

import csv
import hashlib
import json
import os
import urllib.request
from datetime import datetime, timedelta

from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.providers.openlineage.api import emit_dataset_lineage
from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.sdk import DAG, Asset, ObjectStoragePath, get_current_context, task
from openlineage.client.event_v2 import Dataset
from openlineage.client.facet_v2 import dataset_type_dataset, dataset_version_dataset

LAKE = os.environ["LAKE"]
MODEL = "credit-default"

with DAG(
    "credit_default",
    description="Trains the model of credit defaults",
    schedule=None,
    start_date=datetime(2026, 11, 1),
    default_args={"owner": "credit-risk", "retries": 1, "retry_delay": timedelta(seconds=2)},
    tags=["model:credit-default"],
) as dag:
    extract = SQLExecuteQueryOperator(
        task_id="extract",
        conn_id="warehouse",
        sql="""
            CREATE TABLE IF NOT EXISTS features.loans (id bigint, income bigint, age int, region text, late boolean);
            TRUNCATE features.loans;
            INSERT INTO features.loans (id, income, age, region, late)
            SELECT a.id, a.income_cents / 100 AS income, a.age, a.region, r.late
            FROM crm.applicants a JOIN crm.repayments r ON r.applicant_id = a.id;
        """,
    )
    features = SQLExecuteQueryOperator(
        task_id="features",
        conn_id="warehouse",
        sql="""
            CREATE TABLE IF NOT EXISTS features.applicant_features (id bigint, income_bucket bigint, age int, late boolean);
            TRUNCATE features.applicant_features;
            INSERT INTO features.applicant_features (id, income_bucket, age, late)
            SELECT id, income / 1000 AS income_bucket, age, late FROM features.loans;
        """,
    )

    @task
    def export():
        """Writes the file for training: what it read and wrote, the hooks tell."""
        rows = PostgresHook("warehouse").get_records(
            "SELECT id, income_bucket, age, late FROM features.applicant_features"
        )
        with ObjectStoragePath(f"{LAKE}/training.csv").open("w") as file:
            csv.writer(file).writerows(rows)

    @task(inlets=[Asset(f"{LAKE}/training.csv")])
    def train():
        """Fails once, as trainings do, and then tells which version came of it."""
        context = get_current_context()
        if context["ti"].try_number == 1:
            raise RuntimeError("The node was taken away")
        content = ObjectStoragePath(f"{LAKE}/training.csv").read_bytes()
        version = context["run_id"].replace("__", "-").replace(":", "")[:40]
        digest = hashlib.sha256(content).hexdigest()
        body = {
            "version": version,
            "parts": {
                "code": {"commit": "4f2a9c1" + "0" * 33},
                "data": [],
                "artifact": {"digest": f"sha256:{digest}"},
                "configuration": [],
                "parameters": {},
                "trainedBy": "group:default/credit-risk",
            },
            "commits": [],
        }
        urllib.request.urlopen(
            urllib.request.Request(
                f"{os.environ['SLIPWAY_URL']}/api/model-delivery/models/default/{MODEL}/versions",
                data=json.dumps(body).encode(),
                headers={"authorization": f"Bearer {os.environ['SLIPWAY_TOKEN']}", "content-type": "application/json"},
            )
        )
        emit_dataset_lineage(
            outputs=[
                Dataset(
                    namespace="backstage",
                    name=f"model:default/{MODEL}",
                    facets={
                        "version": dataset_version_dataset.DatasetVersionDatasetFacet(datasetVersion=version),
                        "datasetType": dataset_type_dataset.DatasetTypeDatasetFacet(datasetType="MODEL"),
                    },
                )
            ]
        )

    @task(retries=0)
    def publish():
        """Fails for good, so that the run of the DAG does."""
        raise RuntimeError("No report today")

    @task
    def summarize():
        """Reads with a hook and writes with it: two queries of one task."""
        warehouse = PostgresHook("warehouse")
        warehouse.run("CREATE TABLE IF NOT EXISTS features.late_by_age (age int, late bigint)")
        rows = warehouse.get_records(
            "SELECT age, count(*) FILTER (WHERE late) FROM features.applicant_features GROUP BY age"
        )
        warehouse.insert_rows("features.late_by_age", rows, ["age", "late"])

    extract >> features >> export() >> train() >> summarize() >> publish()
