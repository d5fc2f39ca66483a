"""Harvests of the year, by field."""

import os

import pandas as pd
import psycopg
import streamlit as st

st.set_page_config(page_title="Harvests")


@st.cache_data(ttl=600)
def harvests() -> pd.DataFrame:
    with psycopg.connect(os.environ["WAREHOUSE_DSN"]) as connection:
        return pd.read_sql("SELECT field, tons FROM harvest", connection)


st.title(os.getenv("DASHBOARD_TITLE", "Harvests"))
st.bar_chart(harvests(), x="field", y="tons")
