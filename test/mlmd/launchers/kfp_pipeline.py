#!/usr/bin/env python3
"""The pipeline whose drivers and launchers kfp.jsonl has, compiled by kfp==2.16.1: README.md has how it was run.

  kfp_pipeline.py my-pipeline.json
"""

import sys

from kfp import compiler, dsl
from kfp.dsl import Dataset, Input, Metrics, Model, Output, OutputPath

NOTES = '{"artifacts": {"metrics": {"artifacts": [{"metadata": {"accuracy": 0.75, "epochs": 3, "note": "déjà vu"}}]}}}'
OUTPUTS = '/' + 'tmp/kfp_outputs'  # where KFP's launcher looks
FOLDERS = f'mkdir -p "$(dirname "$1")" "$(dirname "$2")" {OUTPUTS}; '


def shell(script, *args):
    return dsl.ContainerSpec(image='alpine:3.20', command=['sh', '-ec'], args=[script, *args])


@dsl.container_component
def make_data(rows: int, data: Output[Dataset], count: OutputPath(int)):
    return shell(FOLDERS + 'echo rows > "$1"; printf %s "$0" > "$2"', rows, data.path, count)


@dsl.container_component
def train(data: Input[Dataset], rate: float, labels: dict, model: Output[Model], metrics: Output[Metrics]):
    notes = f"; printf %s '{NOTES}' > {OUTPUTS}/output_metadata.json"
    script = FOLDERS + 'cat "$0" > "$1"; echo m > "$2"' + notes
    return shell(script, data.path, model.path, metrics.path, rate, labels)


@dsl.container_component
def score(fold: int, model: Input[Model], result: OutputPath(float)):
    return shell('mkdir -p "$(dirname "$1")"; printf 0.5 > "$1"', fold, result)


@dsl.container_component
def publish(model: Input[Model]):
    return shell('exit 1')


@dsl.pipeline(name='my-pipeline')
def my_pipeline(rows: int = 100, rate: float = 0.1, labels: dict = {'owner': "O'Hara", 'flags': [True, 2]}):
    made = make_data(rows=rows)
    dsl.importer(
        artifact_uri='gs://bucket/reference.csv',
        artifact_class=Dataset,
        reimport=False,
        metadata={'source': 'reference', 'year': 2024, 'share': 0.5},
    )
    with dsl.If(made.outputs['count'] > 10):
        trained = train(data=made.outputs['data'], rate=rate, labels=labels)
        with dsl.ParallelFor([1, 2]) as fold:
            score(fold=fold, model=trained.outputs['model'])
        publish(model=trained.outputs['model'])


if __name__ == '__main__':
    compiler.Compiler().compile(my_pipeline, sys.argv[1])
