"""Where templates, catalogues and built assets lie: in the installed package, or beside it in a checkout."""

from pathlib import Path

package_dir = Path(__file__).parent


def _folder(packaged_name: str, checkout_name: str) -> Path:
    packaged = package_dir / packaged_name
    return packaged if packaged.is_dir() else package_dir.parent / checkout_name


def templates_dir() -> Path:
    return _folder("_templates", "templates")


def locales_dir() -> Path:
    return _folder("_locales", "locales")


def static_dir() -> Path:
    """Style sheets and scripts as `npm run build` wrote them."""
    return package_dir / "web" / "static"


def fonts_dir() -> Path:
    """Fonts for documents, as `npm run build` copied them."""
    return package_dir / "fonts"


def english_dir() -> Path:
    """What English words mean in survey questions, to tell when one asks again what another asked."""
    return package_dir / "english"
