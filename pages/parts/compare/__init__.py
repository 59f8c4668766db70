"""Pinned runs beside the current one."""
