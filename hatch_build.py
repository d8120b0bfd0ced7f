"""Build hook: compiles the catalogues, for the editable install as for the wheel."""

import io
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogues(BuildHookInterface):  # type: ignore[type-arg]
    """Writes a `.mo` beside every `.po` under locales/; the folder goes into the wheel as it is."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        for source in sorted(Path(self.root, "locales").glob("*/LC_MESSAGES/*.po")):
            compiled = io.BytesIO()
            with source.open("rb") as texts:
                write_mo(compiled, read_po(texts, locale=source.parts[-3], domain=source.stem))
            source.with_suffix(".mo").write_bytes(compiled.getvalue())
