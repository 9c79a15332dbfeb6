"""Who looks at files: one after the other, threads, processes, or the workers of a cluster."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor
    from pathlib import Path

    from covidxr.places import Place

Jobs = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=1, help="Files looked at side by side; 1 is no threads."),
]
Processes = Annotated[bool, typer.Option("--processes", help="Use processes, not threads.")]
Dask = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Use a Dask cluster: tcp://10.0.0.1:8786."),
]


@contextmanager
def workers(
    jobs: int | None, *, processes: bool = False, dask: str | None = None
) -> Iterator[Executor | None]:
    """Give the executor that was asked for; None works in this process, without threads."""
    from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

    if dask is not None:
        from covidxr.cluster import cluster
        from covidxr.errors import UsageError

        if processes or jobs is not None:
            raise UsageError("--dask uses the cluster's workers: leave out --jobs and --processes")
        with cluster(dask) as executor:
            yield executor
    elif processes:
        import multiprocessing

        # Fresh processes: a copy of this one would copy what its threads hold.
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        with ProcessPoolExecutor(jobs, mp_context=context) as executor:
            yield executor
    elif jobs == 1:
        yield None
    else:
        # Threads: reading, checksums and decoding all release the interpreter's lock.
        with ThreadPoolExecutor(jobs) as executor:
            yield executor


def is_elsewhere(place: Place | None) -> bool:
    """Tell whether files lie where nothing can be written."""
    from covidxr.elsewhere import Elsewhere

    return isinstance(place, Elsewhere)


def placed(root: Path, *, dask: str | None = None) -> tuple[Path, Place | None]:
    """Give the folder of a collection's table, and where its files lie if that is not there.

    A root such as ``s3://bucket/collection`` is read where it lies; its table is copied first. A
    cluster's workers have another working directory, so they are given whole paths.
    """
    from covidxr import elsewhere

    address = elsewhere.address_of(root)
    if address:
        from platformdirs import user_cache_path

        cache = user_cache_path("covidxr", appauthor=False)
        return elsewhere.copied(address, cache), elsewhere.Elsewhere(address)
    root = elsewhere.local_path(root)
    if dask is not None:
        from covidxr.places import Folder

        return root, Folder(root).whole()
    return root, None
