"""Tools for plugins: install, diagnose, probe."""
