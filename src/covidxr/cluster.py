"""Dask: looking at files on the workers of a cluster, through the same executor as anywhere else.

This module owns all use of Dask, which is an optional extra. Nothing is sent but the names of files
and what was seen of them: the workers read the files themselves, so they must see the same folder
under the same path, or an address of `--root` that they can reach, and have covidxr installed.
"""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING

from covidxr.errors import CollectionError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor

# Seconds that a scheduler may take to answer.
_PATIENCE = "10s"


@contextlib.contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """Give an executor that works on a cluster.

    Parameters
    ----------
    address : str
        Of its scheduler, such as ``tcp://10.0.0.1:8786``.

    Raises
    ------
    UsageError
        If Dask is not installed, or the address is none.
    CollectionError
        If the scheduler does not answer, or has no workers.
    """
    try:
        from distributed import Client
    except ImportError:
        raise UsageError(
            "--dask needs Dask, which is not installed: `pip install covidxr[dask]`"
        ) from None
    # It tells every lost connection, with a traceback; what matters comes as an error.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except ValueError as error:
        raise UsageError(f"--dask {address}: {error}") from error
    except (OSError, TimeoutError) as error:
        raise CollectionError(
            f"no Dask scheduler answers at {address}; start one with `dask scheduler`, "
            "and workers with `dask worker`"
        ) from error
    try:
        if not client.scheduler_info()["workers"]:
            raise CollectionError(f"the Dask scheduler at {address} has no workers")
        yield client.get_executor(pure=False)
    finally:
        client.close()
