"""Dated data; `core.facts` is its one loader. README.md says where each file comes from."""
