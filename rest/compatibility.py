"""What of a new schema would break a client that was written for an older one. Pure: both come as plain data.

A break is: an operation that is gone or has another name or scope; something that a request must have now, may not
have any more, or may have in fewer ways; something that an answer has no more, has only sometimes, or has in more ways,
which a client that knows a fixed set could not read. What is new beside that breaks nobody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import gt, lt
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete", "head")
# What a value may be: words of a schema whose change is a change of meaning.
SHAPE = ("type", "format")
LOWER, UPPER = ("minimum", "minLength", "minItems"), ("maximum", "maxLength", "maxItems")

Data = Mapping[str, Any]


def breaks(released: Data, new: Data) -> list[str]:
    """Give each break as a sentence, in the order of the older schema; none if every client goes on as before."""
    comparison = _Comparison(released, new)
    return list(dict.fromkeys(comparison.operations()))


@dataclass(frozen=True, slots=True)
class _Comparison:
    released: Data
    new: Data

    def operations(self) -> Iterator[str]:
        for path, methods in self.released.get("paths", {}).items():
            for method in METHODS:
                if method in methods:
                    where = f"{method.upper()} {path}"
                    present = self.new.get("paths", {}).get(path, {}).get(method)
                    yield from (
                        [f"{where} is gone"] if present is None else self.operation(where, methods[method], present)
                    )

    def operation(self, where: str, old: Data, new: Data) -> Iterator[str]:
        for word, told in (("operationId", "name"), ("x-scope", "scope")):
            if old.get(word) != new.get(word):
                yield f"{where} has another {told}: {old.get(word)} was {told} before, now {new.get(word)}"
        yield from self.parameters(where, old, new)
        yield from self.body(where, old, new)
        yield from self.answers(where, old, new)

    def parameters(self, where: str, old: Data, new: Data) -> Iterator[str]:
        before, after = (
            {(one["name"], one["in"]): one for one in operation.get("parameters", ())} for operation in (old, new)
        )
        for key, parameter in before.items():
            what = f"{where}: parameter {key[0]}"
            if key not in after:
                yield f"{what} is gone"
                continue
            if after[key].get("required") and not parameter.get("required"):
                yield f"{what} must be given now"
            yield from self.asked(what, parameter.get("schema", {}), after[key].get("schema", {}))
        for key, parameter in after.items():
            if key not in before and parameter.get("required"):
                yield f"{where}: parameter {key[0]} is new and must be given"

    def body(self, where: str, old: Data, new: Data) -> Iterator[str]:
        before, after = old.get("requestBody"), new.get("requestBody")
        if before is None:
            if after is not None and after.get("required"):
                yield f"{where}: a body must be given now"
            return
        if after is None:
            yield f"{where} takes no body any more"
            return
        if after.get("required") and not before.get("required"):
            yield f"{where}: the body must be given now"
        for kind, content in before.get("content", {}).items():
            if kind not in after.get("content", {}):
                yield f"{where}: the body may not be {kind} any more"
            else:
                schema = after["content"][kind].get("schema", {})
                yield from self.asked(f"{where}: body", content.get("schema", {}), schema)

    def answers(self, where: str, old: Data, new: Data) -> Iterator[str]:
        for status, answer in old.get("responses", {}).items():
            present = new.get("responses", {}).get(status)
            if present is None:
                if status.startswith("2"):
                    yield f"{where} answers {status} no more"
                continue
            for kind, content in answer.get("content", {}).items():
                if kind not in present.get("content", {}):
                    yield f"{where}: the answer {status} is no {kind} any more"
                else:
                    schema = present["content"][kind].get("schema", {})
                    yield from self.told(f"{where}: answer {status}", content.get("schema", {}), schema)

    def asked(self, where: str, old: Data, new: Data, seen: frozenset[str] = frozenset()) -> Iterator[str]:
        """Compare what a client sends: nothing that it could send may be refused now."""
        seen, is_known = _entered(seen, old)
        if is_known:
            return
        before, after = _whole(self.released, old), _whole(self.new, new)
        yield from _other_shape(where, before, after)
        if after.get("pattern") not in (None, before.get("pattern")):
            yield f"{where} has another pattern now"
        if before.get("nullable") and not after.get("nullable"):
            yield f"{where} may not be null any more"
        if fewer := _values(before) - _values(after) if "enum" in after else set():
            yield f"{where} may not be {', '.join(sorted(fewer))} any more"
        if "enum" in after and "enum" not in before:
            yield f"{where} may only be one of a few now"
        for words, is_narrower in ((LOWER, gt), (UPPER, lt)):
            for word in words:
                if word in after and (word not in before or is_narrower(after[word], before[word])):
                    yield f"{where} has a narrower {word} now"
        for name in after.get("required", ()):
            if name not in before.get("required", ()):
                yield f"{where}.{name} must be given now"
        for name, schema in before.get("properties", {}).items():
            if name not in after.get("properties", {}):
                yield f"{where}.{name} is gone"
            else:
                yield from self.asked(f"{where}.{name}", schema, after["properties"][name], seen)
        if "items" in before and "items" in after:
            yield from self.asked(f"{where}[]", before["items"], after["items"], seen)

    def told(self, where: str, old: Data, new: Data, seen: frozenset[str] = frozenset()) -> Iterator[str]:
        """Compare what a client reads: all that was always there still is, in no form that it does not know."""
        seen, is_known = _entered(seen, old)
        if is_known:
            return
        before, after = _whole(self.released, old), _whole(self.new, new)
        yield from _other_shape(where, before, after)
        if after.get("nullable") and not before.get("nullable"):
            yield f"{where} may be null now"
        if "enum" in before:
            if more := _values(after) - _values(before):
                yield f"{where} may be {', '.join(sorted(more))} now"
            if "enum" not in after:
                yield f"{where} may be anything now"
        for name in before.get("required", ()):
            if name in after.get("properties", {}) and name not in after.get("required", ()):
                yield f"{where}.{name} is not always there any more"
        for name, schema in before.get("properties", {}).items():
            if name not in after.get("properties", {}):
                yield f"{where}.{name} is gone"
            else:
                yield from self.told(f"{where}.{name}", schema, after["properties"][name], seen)
        if "items" in before and "items" in after:
            yield from self.told(f"{where}[]", before["items"], after["items"], seen)


def _other_shape(where: str, before: Data, after: Data) -> Iterator[str]:
    for word in SHAPE:
        if before.get(word) != after.get(word):
            yield f"{where} has another {word}: {after.get(word)}, not {before.get(word)}"
    for word in ("oneOf", "anyOf"):
        if before.get(word) != after.get(word):
            yield f"{where} has other alternatives"


def _whole(document: Data, schema: Data) -> dict[str, Any]:
    """Follow references, and put the parts of an `allOf` together."""
    whole = {word: value for word, value in schema.items() if word not in ("$ref", "allOf")}
    parts = [_referred(document, schema["$ref"])] if "$ref" in schema else []
    for part in (*parts, *schema.get("allOf", ())):
        inner = _whole(document, part)
        properties = {**inner.get("properties", {}), **whole.get("properties", {})}
        required = [*inner.get("required", ()), *whole.get("required", ())]
        whole = inner | whole | ({"properties": properties} if properties else {})
        whole |= {"required": required} if required else {}
    return whole


def _referred(document: Data, reference: str) -> Data:
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    assert isinstance(found, Mapping)
    return found


def _entered(seen: frozenset[str], schema: Data) -> tuple[frozenset[str], bool]:
    """Note the reference that is followed, and tell whether we are inside it already."""
    reference = schema.get("$ref")
    return (seen, False) if reference is None else (seen | {reference}, reference in seen)


def _values(schema: Data) -> set[str]:
    return {str(value) for value in schema.get("enum", ())}
