"""Addresses of the built style sheets and scripts; names carry a hash and can be cached for ever."""

from pathlib import Path

import msgspec

from survey_service.domain.errors import SettingsError
from survey_service.resources import static_dir

STATIC_PATH = "/static"


class StaticAssets(msgspec.Struct, frozen=True):
    """From plain names such as `respondent.css` to the names under `/static`."""

    names: dict[str, str]

    def url(self, name: str) -> str:
        return f"{STATIC_PATH}/{self.names[name]}"


def load_static_assets(folder: Path | None = None) -> StaticAssets:
    """Read the manifest that `npm run build` writes."""
    manifest = (folder or static_dir()) / "manifest.json"
    if not manifest.exists():
        raise SettingsError(
            "The style sheets and scripts have not been built.",
            expected=f"a file {manifest}",
            hint="Run: npm ci && npm run build",
        )
    return StaticAssets(msgspec.json.decode(manifest.read_bytes(), type=dict[str, str]))
