<[ head ]>
%% if base.why
# <[ base.why.en ]>
%% endif
FROM <[ base.image ]> AS build
# Compilers for dependencies with C code, and git for those that come from a repository.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends build-essential ca-certificates git \
    && rm -rf /var/lib/apt/lists/*
ENV MIX_ENV=prod
WORKDIR /app
RUN mix local.hex --force \
    && mix local.rebar --force
# Dependencies alone: they are compiled again only when they or the compile-time configuration change.
%% for sources, target in manifests
COPY <[ sources ]> <[ target ]>
%% endfor
%% if configuration
RUN mix deps.get --only prod<% if locked %> --check-locked<% endif %>

COPY <[ configuration | join(" ") ]> ./config/
RUN mix deps.compile
%% else
RUN mix deps.get --only prod<% if locked %> --check-locked<% endif %> \
    && mix deps.compile
%% endif
COPY . .
%% if assets and inside
WORKDIR /app/<[ inside ]>
RUN mix assets.deploy
WORKDIR /app
%% endif
RUN <% if assets and not inside %>mix assets.deploy \
    && <% endif %><[ release ]>

# The release brings Erlang and binds the libraries of the system that it was built on: the same image.
FROM <[ final ]>
%% if account
RUN groupadd --gid <[ uid ]> <[ account ]> \
    && useradd --uid <[ uid ]> --gid <[ account ]> --create-home <[ account ]>
%% endif
ENV <[ environment ]>
WORKDIR /app
# Owned by root: the application cannot change its own code.
COPY --from=build /app/_build/prod/rel/<[ application ]> ./
<[ tail ]>
# Numeric, so that Kubernetes can verify runAsNonRoot.
USER <[ user ]>
%% if port
EXPOSE <[ port ]>
%% endif
CMD <[ command ]>
