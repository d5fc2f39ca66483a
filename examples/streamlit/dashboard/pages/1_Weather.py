import streamlit as st

st.title("Weather")
st.write("Rain of the last ten days.")
