"""What the visitor chose, kept in the session and in the URL, so that a view can be shared as a link.

Values are codes, never words, so that a link means the same in both languages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NoReturn
from urllib.parse import urlencode

import streamlit as st

from app.words import language

_CHOSEN = "chosen"
_SHOWN = "shown"
_PAGES = "pages"
_ASKED = "asked_page"
_LANGUAGE = "lang"
# Between several codes of one parameter.
_BETWEEN = "."


def begin() -> None:
    """Start a run: on a visitor's first one, take over what the URL says."""
    if _CHOSEN not in st.session_state:
        st.session_state[_CHOSEN] = dict(st.query_params)
    st.session_state[_SHOWN] = {}


def chosen(name: str, options: Sequence[str], default: str) -> str:
    """The choice of parameter `name`, or `default` where it is none of `options`."""
    value = st.session_state[_CHOSEN].get(name)
    return value if value in options else default


def given(name: str) -> str:
    """What the link or the visitor gave for `name`, which may be any text; empty where nothing was given."""
    return str(st.session_state[_CHOSEN].get(name, ""))


def remember(name: str, value: str, default: str) -> None:
    """Keep `value` as the choice of `name`; the URL names it unless it is the default."""
    st.session_state[_CHOSEN][name] = value
    if value != default:
        st.session_state[_SHOWN][name] = value
    else:
        st.session_state[_SHOWN].pop(name, None)


def know_pages(pages: Mapping[str, st.Page]) -> None:
    """Say which pages `go` can open, by name."""
    st.session_state[_PAGES] = dict(pages)


def go(page: str, **choices: str) -> NoReturn:
    """Open another page with `choices`, and whatever else is chosen now."""
    for name, value in choices.items():
        st.session_state[_CHOSEN][name] = value
        # The widget of that page may remember another choice.
        st.session_state.pop(f"pick_{name}_{language()}", None)
    st.switch_page(st.session_state[_PAGES][page])


def ask_for(page: str, choices: Mapping[str, str]) -> None:
    """Ask for another page with exactly `choices`, besides the language; `open_asked` of the next run opens it.

    Made for a click's callback: what widgets of this run remember is forgotten, so that the choices count.
    """
    spoken = st.session_state[_CHOSEN].get(_LANGUAGE)
    st.session_state[_CHOSEN] = {**choices, **({_LANGUAGE: spoken} if spoken else {})}
    for key in [key for key in st.session_state if str(key).startswith("pick_") and key != f"pick_{_LANGUAGE}"]:
        del st.session_state[key]
    st.session_state[_ASKED] = page


def open_asked() -> None:
    """Open the page that `ask_for` asked for, if any; one that is not there any more is passed over."""
    page = st.session_state[_PAGES].get(st.session_state.pop(_ASKED, None))
    if page is not None:
        st.switch_page(page)


def shown() -> dict[str, str]:
    """The choices of this run so far that are not the defaults, without the language: what a link would name."""
    return {name: value for name, value in st.session_state[_SHOWN].items() if name != _LANGUAGE}


def write_url() -> None:
    """End a run: the URL names the choices of this run's widgets."""
    if dict(st.query_params) != st.session_state[_SHOWN]:
        st.query_params.from_dict(st.session_state[_SHOWN])


def link(page: str, **choices: str) -> str:
    """The address of another page with this run's choices so far, and `choices`."""
    query = urlencode({**st.session_state[_SHOWN], **choices})
    return f"{page}?{query}" if query else page


def pick(
    name: str,
    label: str,
    options: Sequence[str],
    default: str,
    words: Callable[[str], str],
    widget: Literal["list", "segments"] = "list",
    why: str | None = None,
) -> str:
    """A widget for parameter `name`; `words` names an option. Returns the chosen option, which is never empty.

    why: what a tooltip says of the options.
    """
    # The browser keeps a widget's words as long as its key: each language has a widget of its own.
    key = f"pick_{name}_{language()}"
    if st.session_state.get(key) not in options:
        st.session_state[key] = chosen(name, options, default)
    labels = {option: words(option) for option in options}
    if widget == "segments":
        value = st.segmented_control(label, options, format_func=labels.__getitem__, key=key, required=True, help=why)
    else:
        value = st.selectbox(label, options, format_func=labels.__getitem__, key=key, help=why)
    value = str(value) if value in options else default
    remember(name, value, default)
    return value


def pick_several(
    name: str, label: str, options: Sequence[str], words: Callable[[str], str], *, empty: str, at_most: int
) -> list[str]:
    """A widget for several codes of `options`, none of which has a dot; `empty` is said where none is chosen.

    Returns them in the order in which they were chosen, as the URL names them; it may be none.
    """
    key = f"pick_{name}_{language()}"
    before = st.session_state[key] if key in st.session_state else given(name).split(_BETWEEN)
    st.session_state[key] = [value for value in dict.fromkeys(before) if value in options][:at_most]
    labels = {option: words(option) for option in options}
    values = st.multiselect(
        label, options, format_func=labels.__getitem__, key=key, placeholder=empty, max_selections=at_most
    )
    remember(name, _BETWEEN.join(values), "")
    return [str(value) for value in values]
