%% if writable
# What the application writes; everything else stays root's.
RUN mkdir -p <[ writable | join(" ") ]> \
    && chown <[ user ]> <[ writable | join(" ") ]>
%% endif
# Told at build time: --build-arg VERSION=… --build-arg REVISION=$(git rev-parse HEAD)
ARG VERSION=dev
ARG REVISION=unknown
LABEL <[ labels ]>
