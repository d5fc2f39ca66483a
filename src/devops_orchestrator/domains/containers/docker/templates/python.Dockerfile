<[ head ]>
%% if base.why
# <[ base.why.en ]>
%% endif
FROM <[ base.image ]> AS build
%% if build_packages
# Compilers and headers stay in this stage.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends <[ build_packages | join(" ") ]> \
    && rm -rf /var/lib/apt/lists/*
%% endif
%% if install.manager == "uv"
COPY --from=<[ uv_image ]> /uv /usr/local/bin/uv
# Bytecode is compiled here, once; the cache mount is another file system, so packages are copied, not linked.
ENV <[ environment ]>
%% elif install.tool
# Two environments: the tool's dependencies never mix with the project's.
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m venv /opt/venv \
    && python -m venv /opt/tool \
    && /opt/tool/bin/pip install <[ install.tool ]>
ENV <[ environment ]>
%% else
# An environment of its own: one folder to copy into the final stage.
RUN python -m venv /opt/venv
ENV PATH="/opt/venv/bin:$PATH"
%% endif
WORKDIR /app
%% if install.dependencies
# Dependencies alone: this layer is built again only when they change.
RUN --mount=type=cache,target=<[ install.cache ]> \
%% for name in install.manifests
    --mount=type=bind,source=<[ name ]>,target=<[ name ]> \
%% endfor
    <[ install.dependencies ]>
%% endif
COPY . .
%% if install.project
RUN --mount=type=cache,target=<[ install.cache ]> \
    <[ install.project ]>
%% endif
%% if collect_static
# Static files belong to the image. The values are stand-ins: nothing connects anywhere at this point.
RUN <% if work != "/app" %>cd <[ work ]> && <% endif %>PATH="/opt/venv/bin:$PATH" <[ collect_static ]>
%% endif

FROM <[ final ]>
%% if packages
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends <[ packages | join(" ") ]> \
    && rm -rf /var/lib/apt/lists/*
%% endif
%% if account
RUN groupadd --gid <[ uid ]> <[ account ]> \
    && useradd --uid <[ uid ]> --gid <[ account ]> --create-home <[ account ]>
%% endif
# Logs go out unbuffered; the bytecode is already there and the user may not write it.
ENV PATH="/opt/venv/bin:$PATH" \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
%% if port_variable
ENV <[ port_variable[0] ]>=<[ port_variable[1] ]>
%% endif
WORKDIR <[ work ]>
# Dependencies and code in layers of their own, owned by root: the application cannot change them.
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
<[ tail ]>
# Numeric, so that Kubernetes can verify runAsNonRoot.
USER <[ user ]>
%% if port
EXPOSE <[ port ]>
%% endif
%% if health
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s --retries=3 \
    CMD <[ health ]>
%% endif
CMD <[ command ]>
