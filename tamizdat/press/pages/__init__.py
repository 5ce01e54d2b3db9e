"""From content to the files of an edition: what templates get, and one module a kind of page."""
