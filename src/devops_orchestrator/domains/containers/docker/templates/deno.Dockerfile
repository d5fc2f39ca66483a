<[ head ]>
%% if base.why
# <[ base.why.en ]>
%% endif
FROM <[ base.image ]> AS build
WORKDIR /app
%% if manifests
# Dependencies alone: this layer is made again only when they change.
COPY <[ manifests | join(" ") ]> ./
RUN <[ install ]>
%% endif
COPY . .
%% if programs
%% if work != "/app"
WORKDIR <[ work ]>
%% endif
# Everything that the programs import, compiled: nothing is downloaded when the container starts.
RUN <[ cache ]> <[ programs | join(" ") ]>
%% endif
FROM <[ final ]>
WORKDIR <[ work ]>
# Owned by root: the application cannot change its own code.
COPY --from=build /deno-dir /deno-dir
COPY --from=build /app /app
<[ tail ]>
# <% if user == "1993:1993" %>The image's own deno user; numeric<% else %>Numeric<% endif %>, so that Kubernetes can verify runAsNonRoot.
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
# The permissions are those of the project's own start command.
CMD <[ command ]>
