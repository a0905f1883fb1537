"""What schemathesis is to send: values of our formats, and in the negative phase also whatever there is in their place."""

import base64
import collections
import itertools
import json
import os

import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode

scalars = st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(["", "a", "é\U0001f600"])
objects = st.dictionaries(st.sampled_from(["a", "b c", "é"]), scalars | st.lists(scalars, max_size=3), max_size=3)
structs = objects.map(lambda value: base64.b64encode(json.dumps(value).encode()).decode())
schemathesis.openapi.format("base64-json-object", structs)

texts = st.builds(
    "{} {} {}".format,
    st.sampled_from(["name", "externalId", "description", "custom_properties.k.string_value"]),
    st.sampled_from(["=", "!=", "<", ">=", "LIKE", "ILIKE"]),
    st.sampled_from(['"x"', "'y'", '"%a_"']),
)
numbers = st.builds(
    "{} {} {}".format,
    st.sampled_from(["id", "custom_properties.k.int_value", "custom_properties.k.double_value"]),
    st.sampled_from(["=", "!=", "<", ">="]),
    st.integers(-9, 9),
)
both = st.builds("({}) {} {}".format, texts, st.sampled_from(["AND", "OR"]), numbers)
schemathesis.openapi.format("filter-query", texts | numbers | both)
schemathesis.openapi.format("page-token", st.just(""))

# Texts that are nearly of the format get further into the server than random ones.
pieces = ["name", "id", "properties", ".", "`", "custom_properties.k", "=", "LIKE", "IN", "(", ")", "'", '"', "\\", "%", "AND", "NOT", "1e999",
          "9223372036854775808", "-", ";", "--", "\0", "\ud7ff", "é\U0001f600", "parent_contexts_a.id", "IS", "NULL", " "]
anything = {
    "filterQuery": st.text(max_size=40) | st.lists(st.sampled_from(pieces), max_size=12).map(" ".join),
    "nextPageToken": st.text(max_size=40) | st.binary(max_size=40).map(lambda some: base64.urlsafe_b64encode(some).decode().rstrip("=")),
    "struct_value": st.text(max_size=40)
    | st.binary(max_size=40).map(lambda some: base64.b64encode(some).decode())
    | st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
                   lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)),
}


def places(operation):
    """The parameters and members of an operation in which anything goes."""
    query = {parameter.name for parameter in operation.query}
    found = [name for name in ("filterQuery", "nextPageToken") if name in query]
    return found + ["struct_value"] if operation.body else found


def with_anything(place, value, case):
    """A case that would be well but for this place; whether the value is refused or taken is the server's affair."""
    if place == "struct_value":
        if not isinstance(case.body, dict):
            return case
        metadata = {"metadataType": "MetadataStructValue", "struct_value": value}
        case.body = {**case.body, "customProperties": {"any": metadata}}
    else:
        case.query = {**(case.query or {}), place: value}
    # Of a case without it, schemathesis asks neither that it is accepted nor that it is rejected.
    object.__setattr__(case, "_meta", None)
    return case


@schemathesis.hook
def flatmap_case(context, case):
    """Two of three negative cases are such with anything in one place."""
    found = places(case.operation)
    if not found or case.meta is None or not case.meta.generation.mode.is_negative:
        return st.just(case)
    well = case.operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    arbitrary = st.sampled_from(found).flatmap(
        lambda place: st.builds(with_anything, st.just(place), anything[place], well)
    )
    return st.just(case) | arbitrary | arbitrary


calls = itertools.count()


@schemathesis.hook
def before_call(context, case, kwargs):
    """Leaves conditions out of seven of eight requests: one that fails (304, 412) is all that the server looks at."""
    if next(calls) % 8:
        for name in ("If-Match", "If-None-Match"):
            (case.headers or {}).pop(name, None)


sent = collections.Counter()
refusals = set()


@schemathesis.hook
def after_call(context, case, response):
    """Keeps each text of a refusal, and counts what was sent: by the place in which
    anything was, and the status that it had."""
    refusal = response.content.decode(errors="replace")
    if response.status_code >= 400 and refusal not in refusals:
        refusals.add(refusal)
        with open(os.environ["MODELGRAPH_FUZZ_SENT"] + ".refusals", "a") as file:
            file.write(json.dumps(refusal) + "\n")
    if case.meta is not None:
        return
    query = case.query or {}
    for place in anything:
        if place in query or (place == "struct_value" and isinstance(case.body, dict) and "any" in case.body.get("customProperties", {})):
            sent[f"{place} {response.status_code}"] += 1
    with open(os.environ["MODELGRAPH_FUZZ_SENT"], "w") as file:
        json.dump(sent, file)
