"""What users do with the unmodified PyPI client `model-registry`: python_client.py HOST PORT [--experiments]."""

import sys

from model_registry import ModelRegistry
from model_registry.exceptions import StoreError


def models(registry):
    metadata = {"accuracy": 0.95, "epochs": 3, "tuned": True, "framework": "onnx"}
    model = registry.register_model(
        "fraud", "s3://models/1", model_format_name="onnx", model_format_version="1", version="v1",
        description="first", author="carol", metadata=metadata,
    )
    assert model.id and model.name == "fraud" and model.owner == "alice", model
    again = registry.register_model("fraud", "s3://models/2", model_format_name="onnx", model_format_version="1", version="v2")
    assert again.id == model.id, again

    try:
        registry.register_model("fraud", "s3://x", model_format_name="onnx", model_format_version="1", version="v1")
        raise AssertionError("a version of the same name was taken")
    except StoreError:
        pass

    found = registry.get_registered_model("fraud")
    assert found == model, (found, model)
    assert registry.get_registered_model("nothing") is None

    version = registry.get_model_version("fraud", "v1")
    assert version.author == "carol" and version.description == "first", version
    assert version.custom_properties == metadata, version.custom_properties
    artifact = registry.get_model_artifact("fraud", "v1")
    assert artifact.uri == "s3://models/1" and artifact.model_format_name == "onnx", artifact

    model.description = "finds fraud"
    changed = registry.update(model)
    assert changed.description == "finds fraud" and changed.owner == "alice", changed
    version.custom_properties = {"stage": "production"}
    assert registry.update(version).custom_properties == {"stage": "production"}
    artifact.uri = "s3://models/1b"
    assert registry.update(artifact).uri == "s3://models/1b"
    assert registry.get_model_artifact("fraud", "v1").uri == "s3://models/1b"

    for index in range(12):
        registry.register_model(
            f"model-{index}", f"s3://models/{index}", model_format_name="onnx", model_format_version="1", version="v1"
        )
    listed = [each.name for each in registry.get_registered_models().page_size(5)]
    assert listed == ["fraud", *[f"model-{index}" for index in range(12)]], listed
    newest = [each.name for each in registry.get_registered_models().order_by_id().descending().page_size(4)]
    assert newest == listed[::-1], newest
    versions = [each.name for each in registry.get_model_versions("fraud").order_by_creation_time()]
    assert versions == ["v1", "v2"], versions
    if hasattr(registry.get_registered_models(), "filter"):
        filtered = [each.name for each in registry.get_registered_models().filter('description = "finds fraud"')]
        assert filtered == ["fraud"], filtered


def experiments(registry):
    # Runs without names: this client asks for a named one by the id of its experiment.
    with registry.start_experiment_run(experiment_name="rates", owner="carol") as run:
        run.log_param("rate", 0.01)
        run.log_param("optimizer", "adam")
        run.log_metric("loss", 0.5, step=1, timestamp="1700000000000")
        run.log_dataset("train", source_type="s3", uri="s3://data/train", schema="{}", profile="{}")
    logged = {each.name: each for each in registry.get_experiment_run_logs(run_id=run.info.id)}
    assert set(logged) == {"rate", "optimizer", "loss", "train"}, logged
    assert logged["loss"].value == 0.5 and logged["loss"].step == 1, logged["loss"]
    assert float(logged["rate"].value) == 0.01 and logged["train"].uri == "s3://data/train", logged

    first = run.info
    with registry.start_experiment_run(experiment_name="rates") as run:
        run.log_metric("loss", 0.25)
    names = [first.name, run.info.name]
    experiment = next(iter(registry.get_experiments()))
    assert experiment.name == "rates" and experiment.owner == "carol", experiment
    assert [each.name for each in registry.get_experiments()] == ["rates"]
    assert [each.name for each in registry.get_experiment_runs(experiment_id=experiment.id)] == names
    assert [each.name for each in registry.get_experiment_runs(experiment_name="rates").page_size(1)] == names
    assert registry.get_experiment_run(run.info.id).name == run.info.name


def main(host, port, *options):
    registry = ModelRegistry(f"http://{host}", int(port), author="alice", is_secure=False)
    models(registry)
    if "--experiments" in options:
        experiments(registry)


main(*sys.argv[1:])
