<[ head ]>
%% if build
%% if base.why
# <[ base.why.en ]>
%% endif
FROM <% if cross %>--platform=$BUILDPLATFORM <% endif %><[ base.image ]> AS build
%% if setup_user
# The image's own user may not write to a folder that Docker makes. Nothing of this stage is delivered.
# hadolint ignore=DL3002
USER <[ setup_user ]>
%% endif
WORKDIR /app
%% if manager.setup
RUN <[ manager.setup ]>
%% endif
%% if manifests
# Dependencies alone: this layer is built again only when they change.
%% endif
%% for sources, target in manifests
COPY <[ sources ]> <[ target ]>
%% endfor
%% if manager.install
RUN --mount=type=cache,target=<[ manager.cache ]> \
    <[ manager.install ]>
%% endif
COPY . .
%% if public
# Written into the pages by the bundler: public by nature, never a secret.
%% for name in public
ARG <[ name ]>
%% endfor
%% endif
RUN <[ build ]>

%% endif
FROM <[ final ]>
COPY <[ config ]> /etc/nginx/conf.d/default.conf
%% if build
COPY --from=build <[ output ]> /usr/share/nginx/html
%% else
COPY <[ pages ]> /usr/share/nginx/html
%% endif
<[ tail ]>
# <% if user == "101:101" %>The image's own nginx user; numeric<% else %>Numeric<% endif %>, so that Kubernetes can verify runAsNonRoot.
USER <[ user ]>
EXPOSE <[ port ]>
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s --retries=3 \
    CMD <[ health ]>
