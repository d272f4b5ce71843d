"""The SQL desk: a statement of one's own on the published version, its rows, and what tables there are."""

from __future__ import annotations

import streamlit as st

from app import components, formats, queries, url_state
from app.desk.desk import MOST_ROWS, MOST_SECONDS, Answer, DeskError, ask
from app.desk.examples import EXAMPLES
from app.scope import Scope
from app.words import language, t

_STATEMENT = "desk_statement"
_ASKED = "desk_asked"
_NONE = ""
_HEIGHT = 300


def render(scope: Scope) -> None:
    """Draw the view."""
    components.head(scope, t("page.desk"))
    if not scope.warehouse.limits.are_none:
        components.withheld("desk.for_analysts")
        return
    st.caption(t("desk.intro", rows=formats.count(MOST_ROWS), seconds=MOST_SECONDS))
    left, right = st.columns([3, 2], gap="large")
    with left:
        _statement(scope)
    with right:
        _schema(scope)
    _answer(scope)
    _elsewhere(scope)


def _statement(scope: Scope) -> None:
    # A link with a statement fills the box; only the visitor's own click runs it.
    if _STATEMENT not in st.session_state:
        st.session_state[_STATEMENT] = url_state.given("sql")
    st.selectbox(
        t("desk.examples"),
        [_NONE, *EXAMPLES],
        format_func={_NONE: t("desk.no_example"), **{name: t(f"desk.example_{name}") for name in EXAMPLES}}.__getitem__,
        key=f"desk_example_{language()}",
        on_change=_take_example,
        args=(f"desk_example_{language()}",),
    )
    sql = st.text_area(t("desk.statement"), key=_STATEMENT, height=_HEIGHT, placeholder=t("desk.hint"))
    url_state.remember("sql", sql, "")
    run, share = st.columns([1, 4], vertical_alignment="center")
    if run.button(t("desk.run"), type="primary", icon=":material/play_arrow:", width="stretch"):
        with st.spinner(""):
            st.session_state[_ASKED] = (scope.warehouse.path, _asked(scope.warehouse.path, sql))
    share.caption(t("desk.share"))


def _take_example(key: str) -> None:
    name = st.session_state[key]
    if name != _NONE:
        st.session_state[_STATEMENT] = EXAMPLES[name]
        st.session_state.pop(_ASKED, None)


def _asked(path: str, sql: str) -> Answer | DeskError:
    try:
        return ask(path, sql)
    except DeskError as error:
        return error


def _answer(scope: Scope) -> None:
    path, answer = st.session_state.get(_ASKED, (None, None))
    # Rows of another version than the page's would be told as if they were its own.
    if answer is None or path != scope.warehouse.path:
        return
    if isinstance(answer, DeskError):
        st.error(t(f"desk.refused_{answer.reason}", seconds=MOST_SECONDS), icon=":material/error:")
        if answer.words:
            st.code(answer.words, language=None)
        return
    count = formats.count(len(answer.rows))
    st.caption(t("desk.found", count=count, seconds=formats.duration(answer.seconds)))
    if answer.is_cut:
        st.warning(t("desk.cut", count=count), icon=":material/content_cut:")
    if answer.rows.empty:
        st.info(t("desk.no_rows"), icon=":material/inbox:")
    else:
        components.table("statement", answer.rows, {name: name for name in answer.rows.columns})


def _schema(scope: Scope) -> None:
    components.section(t("desk.schema"), t("desk.schema_grain"))
    tables = scope.read(queries.schema.TABLES)
    names = [f"{row.table_schema}.{row.table_name}" for row in tables.itertuples()]
    picked = url_state.pick("table", t("desk.table"), names, "marts.kpi_values", lambda option: option)
    schema, _, name = picked.partition(".")
    said = tables.loc[(tables["table_schema"] == schema) & (tables["table_name"] == name), "description"].iloc[0]
    if not formats.is_missing(said):
        st.caption(formats.plain(str(said)))
    columns = scope.read(queries.schema.COLUMNS, (schema, name))
    st.dataframe(
        columns.rename(
            columns={
                "column_name": t("column.column"),
                "data_type": t("column.type"),
                "description": t("column.description"),
            }
        ),
        hide_index=True,
        width="stretch",
        height=_HEIGHT,
    )


def _elsewhere(scope: Scope) -> None:
    with st.expander(t("desk.elsewhere"), icon=":material/terminal:"):
        st.markdown(t("desk.elsewhere_how"))
        st.code(f'duckdb -readonly "{scope.warehouse.path}"', language="bash")
        st.code(
            "import duckdb\n\n"
            f"con = duckdb.connect({scope.warehouse.path!r}, read_only=True)\n"
            'print(con.sql("from marts.kpi_values limit 5"))',
            language="python",
        )
