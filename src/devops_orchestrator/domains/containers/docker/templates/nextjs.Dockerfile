<[ head ]>
%% if base.why
# <[ base.why.en ]>
%% endif
FROM <[ base.image ]> AS build
%% if prisma
# Prisma's engine needs OpenSSL, which the slim image lacks.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends openssl \
    && rm -rf /var/lib/apt/lists/*
%% endif
ENV NEXT_TELEMETRY_DISABLED=1
WORKDIR /app
%% if manager.setup
RUN <[ manager.setup ]>
%% endif
# Dependencies alone: this layer is built again only when they change.
%% for sources, target in manifests
COPY <[ sources ]> <[ target ]>
%% endfor
RUN --mount=type=cache,target=<[ manager.cache ]> \
    <[ manager.install ]>
COPY . .
%% if public
# Written into the pages by the bundler: public by nature, never a secret.
%% for name in public
ARG <[ name ]>
%% endfor
%% endif
RUN --mount=type=cache,target=<[ work ]>/.next/cache \
    <[ steps ]>
FROM <[ final ]>
%% if account
RUN groupadd --gid <[ uid ]> <[ account ]> \
    && useradd --uid <[ uid ]> --gid <[ account ]> --create-home <[ account ]>
%% endif
%% if prisma
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends openssl \
    && rm -rf /var/lib/apt/lists/*
%% endif
# The server listens on localhost alone unless it is told otherwise.
ENV NODE_ENV=production \
    NEXT_TELEMETRY_DISABLED=1 \
    HOSTNAME=0.0.0.0 \
    PORT=<[ port ]>
%% if standalone
# output: "standalone" holds the server and the packages that it uses; static files are beside it.
WORKDIR /app
COPY --from=build <[ work ]>/.next/standalone ./
COPY --from=build <[ work ]>/.next/static ./<% if inside %><[ inside ]>/<% endif %>.next/static
%% if public_folder
COPY --from=build <[ work ]>/public ./<% if inside %><[ inside ]>/<% endif %>public
%% endif
%% else
WORKDIR <[ work ]>
COPY --from=build /app/node_modules /app/node_modules
%% for folder in shared
COPY --from=build /app/<[ folder ]> /app/<[ folder ]>
%% endfor
%% if inside
COPY --from=build <[ work ]>/node_modules ./node_modules
%% endif
COPY --from=build <[ work ]>/package.json ./
%% for name in config
COPY --from=build <[ work ]>/<[ name ]> ./
%% endfor
%% if public_folder
COPY --from=build <[ work ]>/public ./public
%% endif
COPY --from=build <[ work ]>/.next ./.next
%% endif
# The server writes its page and image cache here, and nowhere else.
RUN mkdir -p <% if inside and standalone %><[ inside ]>/<% endif %>.next/cache \
    && chown <[ user ]> <% if inside and standalone %><[ inside ]>/<% endif %>.next/cache
<[ tail ]>
# <% if user == "1000:1000" %>The image's own <[ owner ]> user; numeric<% else %>Numeric<% endif %>, so that Kubernetes can verify runAsNonRoot.
USER <[ user ]>
EXPOSE <[ port ]>
%% if health
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s --retries=3 \
    CMD <[ health ]>
%% endif
%% if standalone
CMD ["node", "<% if inside %><[ inside ]>/<% endif %>server.js"]
%% else
CMD ["node", "<% if inside %>/app/<% endif %>node_modules/next/dist/bin/next", "start"]
%% endif
