<[ head ]>
%% if base.why
# <[ base.why.en ]>
%% endif
%% if toolchain
# rustup installs the compiler of the project's toolchain file.
%% endif
FROM <[ base.image ]> AS build
%% if build_packages
# Headers stay in this stage.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends <[ build_packages | join(" ") ]> \
    && rm -rf /var/lib/apt/lists/*
%% endif
%% if offline
# Queries are checked against .sqlx: no database is there while the image is built.
ENV SQLX_OFFLINE=true
%% endif
WORKDIR /src
COPY . .
# Downloads and compiled dependencies stay in caches from one build to the next; the programs are taken out of them.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release<[ locked ]><% for name in binaries %> --bin <[ name ]><% endfor %> \
    && install -D --target-directory=/out/bin<% for name in binaries %> target/release/<[ name ]><% endfor %>

%% if writable
RUN mkdir -p<% for folder in writable %> /out/app/<[ folder ]><% endfor %>

%% endif
FROM <[ final ]>
%% if packages
# The system libraries that the program binds.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends <[ packages | join(" ") ]> \
    && rm -rf /var/lib/apt/lists/*
%% endif
%% if environment
ENV <[ environment ]>
%% endif
%% if assets or writable
WORKDIR /app
%% endif
%% if assets
# Read at run time, from the working directory.
%% for name in assets
COPY <[ prefix ]><[ name ]> ./<[ name ]>
%% endfor
%% endif
%% if writable
# What the application writes; everything else stays root's.
COPY --from=build --chown=<[ user ]> /out/app/ ./
%% endif
COPY --from=build /out/bin/ /usr/local/bin/
<[ tail ]>
# <% if user == "65532:65532" and not packages %>distroless's nonroot user; numeric<% else %>Numeric<% endif %>, so that Kubernetes can verify runAsNonRoot.
USER <[ user ]>
%% if port
EXPOSE <[ port ]>
%% endif
ENTRYPOINT <[ command ]>
