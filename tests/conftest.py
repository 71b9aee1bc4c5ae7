"""What concerns the whole run of the tests."""

import gc


def pytest_collection_finish() -> None:
    """Leave the modules and the collected tests out of every later garbage collection."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
