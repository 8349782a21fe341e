"""Static files in production: hashed names, also where one of our scripts imports another."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

_IMPORTS = HashedFilesMixin._js_module_import_aggregation_patterns[1]  # type: ignore[attr-defined]


class HashedFilesStorage(CompressedManifestStaticFilesStorage):
    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = ("js/*.js", _IMPORTS)
    """Our own scripts alone: others hold what only looks like an import."""
    max_post_process_passes = 12
    """Each pass settles one more link of a chain of imports; Django's five are too few for the grid's."""
