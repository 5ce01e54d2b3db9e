"""Whether every byte of an edition is what its manifest says."""

from collections.abc import Iterator
from pathlib import Path

from tamizdat.press.output import manifest
from tamizdat.press.output.manifest import Entry


def faults(tree: Path) -> list[str]:
    """Return what is wrong with an edition's folder, one sentence a fault; [] for nothing.

    It reads every file, so it takes as long as the archive is large: for tests and `doctor`.
    """
    try:
        return list(_faults(tree))
    except (manifest.ManifestError, FileNotFoundError) as error:
        return [f"the manifest cannot be read: {error}"]


def _faults(tree: Path) -> Iterator[str]:
    index = manifest.read_index((tree / manifest.INDEX).read_bytes())
    listed: dict[str, Entry] = {}
    for name, of in index.bins.items():
        raw = (tree / manifest.bin_path(name)).read_bytes()
        if manifest.entry(raw) != of:
            yield f"bin {name} is not the one that the index lists"
        for path, said in manifest.read_bin(raw).items():
            listed[path] = said
            if manifest.bin_of(path) != name:
                yield f"{path} stands in the wrong bin"
    own = {manifest.INDEX, *map(manifest.bin_path, index.bins)}
    there = {str(file.relative_to(tree)) for file in tree.rglob("*") if file.is_file()}
    yield from (f"{path} is in no bin" for path in sorted(there - listed.keys() - own))
    for path, said in sorted(listed.items()):
        if path not in there:
            yield f"{path} is missing"
        elif manifest.entry((tree / path).read_bytes()) != said:
            yield f"{path} is not what the manifest says"
