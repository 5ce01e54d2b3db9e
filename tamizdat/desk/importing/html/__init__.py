"""The HTML of an old post, turned into blocks of ours."""
