"""The edition on disk: its two trees, its manifest, and what proves them. Plain Python."""
