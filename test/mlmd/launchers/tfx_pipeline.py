#!/usr/bin/env python3
"""Three runs of a small TFX pipeline, by TFX's portable launcher, on an MLMD server: README.md has how to record it.

  tfx_pipeline.py HOST PORT        # with tfx==1.15.1; writes its artifacts below /pipeline
"""

import sys

from ml_metadata.proto import metadata_store_pb2
from tfx.dsl.compiler import compiler, constants
from tfx.dsl.component.experimental.annotations import InputArtifact, OutputArtifact, OutputDict, Parameter
from tfx.dsl.component.experimental.decorators import component
from tfx.dsl.components.common import importer, resolver
from tfx.dsl.input_resolution.strategies import latest_artifact_strategy
from tfx.orchestration import metadata, pipeline
from tfx.orchestration.local import runner_utils
from tfx.orchestration.portable import launcher, partial_run_utils, runtime_parameter_utils
from tfx.types import channel, standard_artifacts


@component
def MakeData(examples: OutputArtifact[standard_artifacts.Examples], rows: Parameter[int]) -> OutputDict(count=int):
    examples.span = 7
    examples.split_names = '["train", "eval"]'
    examples.set_string_custom_property('note', 'déjà vu')
    examples.set_float_custom_property('share', 0.5)
    return {'count': rows}


@component
def Train(
    examples: InputArtifact[standard_artifacts.Examples],
    model: OutputArtifact[standard_artifacts.Model],
    count: int,
    owner: Parameter[str] = "O'Hara",
):
    model.set_int_custom_property('count', count)


@component
def Push(
    model: InputArtifact[standard_artifacts.Model],
    pushed: OutputArtifact[standard_artifacts.PushedModel],
    fail: Parameter[int],
):
    if fail:
        raise RuntimeError('the target is away')


def compiled(run_id, fail):
    schema = importer.Importer(
        source_uri='gs://bucket/schema',
        artifact_type=standard_artifacts.Schema,
        custom_properties={'year': 2024, 'source': 'reference'},
    ).with_id('schema')
    made = MakeData(rows=100)
    latest = resolver.Resolver(
        strategy_class=latest_artifact_strategy.LatestArtifactStrategy,
        base=channel.Channel(type=standard_artifacts.Examples),
    ).with_id('latest-examples')
    latest.add_upstream_node(made)
    trained = Train(examples=latest.outputs['base'], count=made.outputs['count'])
    pushed = Push(model=trained.outputs['model'], fail=fail)
    nodes = [schema, made, latest, trained, pushed]
    ir = compiler.Compiler().compile(pipeline.Pipeline('my-pipeline', '/pipeline', components=nodes, enable_cache=True))
    runtime_parameter_utils.substitute_runtime_parameter(ir, {constants.PIPELINE_RUN_ID_PARAMETER_NAME: run_id})
    return ir


def run(connection, ir):
    """What LocalDagRunner does, which knows no MLMD server."""
    deployment = runner_utils.extract_local_deployment_config(ir)
    for node in (each.pipeline_node for each in ir.nodes):
        if node.execution_options.HasField('skip'):
            continue
        if node.execution_options.run.perform_snapshot:
            with metadata.Metadata(connection) as handle:
                partial_run_utils.snapshot(handle, ir)
        launcher.Launcher(
            pipeline_node=node,
            mlmd_connection=metadata.Metadata(connection),
            pipeline_info=ir.pipeline_info,
            pipeline_runtime_spec=ir.runtime_spec,
            executor_spec=runner_utils.extract_executor_spec(deployment, node.node_info.id),
            custom_driver_spec=runner_utils.extract_custom_driver_spec(deployment, node.node_info.id),
        ).launch()


def main(host, port):
    sys.tracebacklimit = 0  # TFX stores the traceback of a failure: paths of this machine
    connection = metadata_store_pb2.MetadataStoreClientConfig(host=host, port=int(port))
    try:
        run(connection, compiled('2024-02-19T12:00:00', fail=1))
    except RuntimeError as failure:
        print(f'as it should: {failure}')
    run(connection, compiled('2024-02-20T12:00:00', fail=0))
    partial = compiled('2024-02-21T12:00:00', fail=0)
    partial_run_utils.mark_pipeline(partial, from_nodes=['Push'])
    run(connection, partial)


if __name__ == '__main__':
    import tfx_pipeline  # TFX takes no component of the module __main__

    tfx_pipeline.main(*sys.argv[1:])
