"""The plugin as a description sees it, and what a description says when it makes an avatar session."""

from __future__ import annotations

from typing import Any

from . import whose
from .described import misspelt, mistaken, place, said
from .errors import PluginRaised, Refused, Unsupported, describe_error, plugins_word


class Offered:
    """A plugin's module, or something that it offers: what looking it up or calling it raises is the plugin's own word.

    A call with an argument that the plugin does not take fails in the caller's frame: without this nobody could tell it from
    a mistake of the description. The plugin itself is left as it is, and what a call returns is handed on as it is.
    """

    def __init__(self, what: Any) -> None:
        self._what = what

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        with plugins_word():
            return self._what(*arguments, **named)

    def __getattr__(self, name: str) -> Any:
        try:
            found = getattr(self._what, name)
        except AttributeError as exc:
            raise Lacking(str(exc), name=name, obj=self._what) from exc
        return Offered(found) if callable(found) else found


class Lacking(AttributeError):
    """A name that the plugin does not offer; `hasattr` and `getattr` with a default see an AttributeError as ever."""


def make(description: Any, plugin: Any, options: Any, vendor: Any, limits: Any) -> Any:
    """Return the avatar session that the description makes.

    Raises PluginRaised for what the plugin raised, Unsupported where the description itself says NotImplementedError,
    Refused where the description fails, or where its own spelling may be what the plugin lacks.
    """
    path = description.__file__
    try:
        made = description.make(Offered(plugin), options, vendor, limits)
    except PluginRaised:
        raise
    except Lacking as exc:
        if told := misspelt(path, exc):
            raise Refused({**describe_error(exc.__cause__ or exc, plugin.__name__), "description": told}) from exc
        raise PluginRaised(str(exc)) from exc.__cause__
    except (Exception, SystemExit) as exc:
        # Not by way of what it was given: by a method of something that the plugin returned, say.
        if whose.plugins(path, plugin, exc):
            raise PluginRaised(str(exc)) from exc
        if isinstance(exc, NotImplementedError) and whose.beside(path, exc):
            raise Unsupported(str(exc)) from exc
        raise mistaken(path, f"the description {place(path, exc)} failed: {said(exc)}", exc) from exc
    if made is None:
        raise mistaken(path, f"the description {path} returns None from make, and not the plugin's session")
    return made
