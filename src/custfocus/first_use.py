"""Names whose modules load on first use, so that `import custfocus` stays quick."""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module


def on_first_use(package: str, rooms: Mapping[str, Sequence[str]]) -> Callable[[str], object]:
    """
    A package's ``__getattr__`` (:pep:`562`), which looks for a name in the module that has it.

    Args:
        package: The package's full name.
        rooms: The package's modules, each with the names it lends the package.

    Returns:
        A function of a name: it imports the module, leaves the name in the package for the next
        time, and raises ``AttributeError`` for a name that no module has.

    """
    modules = {name: f"{package}.{module}" for module, names in rooms.items() for name in names}

    def attribute(name: str) -> object:
        """The name, from the module that has it."""
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name)
        found: object = getattr(import_module(modules[name]), name)
        setattr(sys.modules[package], name, found)
        return found

    return attribute
