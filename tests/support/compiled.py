"""Templates compiled once a pytest worker: hundreds of tests make an application, each with the same ones."""

from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket


class CompiledTemplates(BytecodeCache):
    """What was compiled, by the template's source and by what of its environment the compiler looks at."""

    def __init__(self) -> None:
        self._codes: dict[tuple[object, ...], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get(_key(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._codes[_key(bucket)] = bucket.code


def _key(bucket: Bucket) -> tuple[object, ...]:
    one = bucket.environment
    return (
        bucket.key, bucket.checksum, one.autoescape, one.trim_blocks, one.lstrip_blocks,
        *sorted(one.extensions), *sorted(one.filters), *sorted(one.tests),
        str(one.policies), getattr(one, "newstyle_gettext", None),
    )  # fmt: skip


def compile_once() -> None:
    """Let every environment of this process that has no cache of its own use one together."""
    cache, make = CompiledTemplates(), Environment.__init__

    def make_with_cache(environment: Environment, *arguments: Any, **named: Any) -> None:
        make(environment, *arguments, **named)
        environment.bytecode_cache = environment.bytecode_cache or cache

    Environment.__init__ = make_with_cache  # type: ignore[method-assign]
