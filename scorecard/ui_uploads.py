"""Streamlit's own copy of what was dropped: it lies in memory until somebody takes it out."""

from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

LARGE = 1 << 20


def listed(key: str) -> tuple[str, ...]:
    """The ids of the files that stand in the uploader of that key, released or not."""
    return tuple(upload.file_id for upload in st.session_state.get(key) or ())


def release(upload: Any) -> None:
    """The bytes are on disk now: drop the copy in memory; the uploader goes on listing the file."""
    context = get_script_run_ctx()
    if upload.size < LARGE or context is None:
        return
    remove = getattr(context.uploaded_file_mgr, "remove_file", None)
    if remove:  # in another version of Streamlit only the memory is lost
        remove(context.session_id, upload.file_id)
    upload.close()
