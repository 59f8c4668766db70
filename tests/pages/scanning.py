"""Look up once what packages are installed: Streamlit's test runner would for each page, for half a second."""

from functools import cache

from streamlit.components.v2 import manifest_scanner

manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
