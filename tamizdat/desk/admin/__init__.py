"""Our pages and lists in the CMS's admin."""
