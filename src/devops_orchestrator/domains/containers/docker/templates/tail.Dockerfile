# Told at build time: --build-arg VERSION=… --build-arg REVISION=$(git rev-parse HEAD)
ARG VERSION=dev
ARG REVISION=unknown
LABEL <% for key, value in labels %>org.opencontainers.image.<[ key ]>="<[ value ]>"<% if not loop.last %> \
      <% endif %><% endfor %>

