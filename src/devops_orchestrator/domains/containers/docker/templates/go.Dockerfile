<[ head ]>
%% if base.why
# <[ base.why.en ]>
%% endif
%% if cross
# Go cross-compiles: the compiler runs on the builder's own processor, not under emulation.
FROM --platform=$BUILDPLATFORM <[ base.image ]> AS build
ARG TARGETOS TARGETARCH
%% else
FROM <[ base.image ]> AS build
%% endif
WORKDIR /src
%% if not vendored
# Modules alone: this layer is built again only when go.mod changes.
RUN --mount=type=cache,target=/go/pkg/mod \
%% if work
    --mount=type=bind,target=. \
%% else
%% if sums
    --mount=type=bind,source=go.sum,target=go.sum \
%% endif
    --mount=type=bind,source=go.mod,target=go.mod \
%% endif
    go mod download
%% endif
COPY . .
%% if cgo
# A C library is bound: the binary needs glibc, so the final image has it.
%% else
# No C library, no paths of this machine, no symbol tables: a small binary that runs anywhere.
%% endif
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    <[ environment ]> go build -trimpath -ldflags="-s -w" -o /out/<[ binary ]> <[ main ]>
%% if writable
RUN mkdir -p <% for folder in writable %><% if not loop.first %> <% endif %>/out/app/<[ folder ]><% endfor %>

%% endif

FROM <[ final ]>
%% if assets
# Read at run time, from the working directory.
WORKDIR /app
%% for folder in assets
COPY <[ prefix ]><[ folder ]> ./<[ folder ]>
%% endfor
%% elif writable
WORKDIR /app
%% endif
%% if writable
# What the application writes; everything else stays root's.
COPY --from=build --chown=<[ user ]> /out/app/ ./
%% endif
COPY --from=build /out/<[ binary ]> /<[ binary ]>
<[ tail ]>
# <% if user == "65532:65532" %>distroless's nonroot user; numeric<% else %>Numeric<% endif %>, so that Kubernetes can verify runAsNonRoot.
USER <[ user ]>
%% if port_variable
ENV <[ port_variable[0] ]>=<[ port_variable[1] ]>
%% endif
%% if port
EXPOSE <[ port ]>
%% endif
%% if health
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s --retries=3 \
    CMD <[ health ]>
%% endif
ENTRYPOINT <[ command ]>
