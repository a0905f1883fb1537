"""Values for the formats of our OpenAPI document that random texts would hardly ever have."""

import base64
import json

import schemathesis
from hypothesis import strategies as st

scalars = st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(["", "a", "é\U0001f600"])
objects = st.dictionaries(st.sampled_from(["a", "b c", "é"]), scalars | st.lists(scalars, max_size=3), max_size=3)
schemathesis.openapi.format(
    "base64-json-object", objects.map(lambda value: base64.b64encode(json.dumps(value).encode()).decode())
)

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
# Always true or false of one property: an OR between several is refused in a history.
schemathesis.openapi.format("filter-query", texts | numbers | st.builds("({}) AND {}".format, texts, numbers))
schemathesis.openapi.format("page-token", st.just(""))
