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
WORKDIR /app
%% if manager.setup
RUN <[ manager.setup ]>
%% endif
# Dependencies alone: this layer is built again only when they change.
%% for sources, target in manifests
COPY <[ sources ]> <[ target ]>
%% endfor
RUN --mount=type=cache,target=<[ manager.cache ]> \
    <[ install ]>
COPY . .
%% if steps
RUN <[ steps ]>
%% endif
%% if deploy
# One folder with this component and its production dependencies alone.
RUN --mount=type=cache,target=<[ manager.cache ]> \
    <[ deploy ]>
%% endif
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
ENV <[ environment ]>
%% if deploy
WORKDIR /app
COPY --from=build /out ./
%% if output
# `pnpm deploy` leaves out what a .gitignore names.
COPY --from=build <[ work ]>/<[ output ]> ./<[ output ]>
%% endif
%% elif not output and not inside
WORKDIR <[ work ]>
COPY --from=build /app /app
%% else
WORKDIR <[ work ]>
# Owned by root: the application cannot change its own code.
%% if inside
COPY --from=build /app/package.json /app/package.json
COPY --from=build /app/node_modules /app/node_modules
%% for folder in shared
COPY --from=build /app/<[ folder ]> /app/<[ folder ]>
%% endfor
COPY --from=build <[ work ]> ./
%% else
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/<[ output ]> ./<[ output ]>
%% for folder in assets
COPY --from=build /app/<[ folder ]> ./<[ folder ]>
%% endfor
%% endif
%% endif
<[ tail ]>
# <% if user == "1000:1000" %>The image's own <[ owner ]> user; numeric<% else %>Numeric<% endif %>, so that Kubernetes can verify runAsNonRoot.
USER <[ user ]>
%% if port
EXPOSE <[ port ]>
%% endif
%% if health
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s --retries=3 \
    CMD <[ health ]>
%% endif
CMD <[ command ]>
