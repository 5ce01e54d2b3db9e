"""What other users of a machine could read of a newsroom's folder: a plain walk over all of it."""

import stat


def open_to_others(folder):
    """Return what others could read outside the edition.

    A picture that the edition shows is one file with two names, of which the edition's is open.
    """
    every = [folder, *folder.rglob("*")]
    found = [(path, path.lstat()) for path in every]
    return sorted(
        str(path.relative_to(folder.parent))
        for path, about in found
        if path.relative_to(folder).parts[:1] != ("edition",)
        and not stat.S_ISLNK(about.st_mode)
        and about.st_mode & 0o077
        and not (path.is_file() and "media" in path.parts and about.st_nlink > 1)
    )


def closed_to_a_web_server(edition):
    """Return what a web server of another user could not read, of what it is to serve."""
    trees = [edition / name for name in ("a", "b")]
    every = [edition, *trees, *(path for tree in trees for path in tree.rglob("*"))]
    return [
        str(path)
        for path in every
        if path.stat().st_mode & (0o055 if path.is_dir() else 0o044)
        != (0o055 if path.is_dir() else 0o044)
    ]
