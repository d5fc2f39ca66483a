# syntax=docker/dockerfile:1
<% include "head" %>
%% if base.why
# <[ base.why.en ]>
%% endif
FROM <[ base.image ]> AS build
%% if build_packages
# Compilers and headers stay in this stage.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends <[ build_packages | join(" ") ]> \
    && rm -rf /var/lib/apt/lists/*
%% endif
