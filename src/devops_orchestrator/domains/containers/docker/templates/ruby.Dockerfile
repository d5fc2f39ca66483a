<[ head ]>
%% if assets
%% if assets.base.why
# <[ assets.base.why.en ]>
%% endif
FROM <[ assets.base.image ]> AS assets
WORKDIR /app
%% if assets.manager.setup
RUN <[ assets.manager.setup ]>
%% endif
%% for sources, target in assets.manifests
COPY <[ sources ]> <[ target ]>
%% endfor
RUN --mount=type=cache,target=<[ assets.manager.cache ]> \
    <[ assets.manager.install ]>
COPY . .
RUN <[ assets.build ]>

%% endif
%% if base.why
# <[ base.why.en ]>
%% endif
FROM <[ base.image ]> AS build
# Compilers and headers for gems with C code stay in this stage.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends <[ build_packages | join(" ") ]> \
    && rm -rf /var/lib/apt/lists/*
ENV <[ bundle ]>
WORKDIR /app
# Gems alone: this layer is built again only when they change.
COPY <[ manifests | join(" ") ]> ./
RUN bundle install \
    && rm -rf /usr/local/bundle/cache /usr/local/bundle/ruby/*/cache<% if bootsnap %> \
    && bundle exec bootsnap precompile --gemfile<% endif %>

COPY . .
%% if assets
# The front end is bundled above: this stage needs no Node.js.
COPY --from=assets /app/app/assets/builds ./app/assets/builds
%% endif
%% if precompile
# Assets belong to the image. The secret<% if stand_ins %> and the other values are stand-ins<% else %> is a stand-in<% endif %>: nothing is signed or reached with <% if stand_ins %>them<% else %>it<% endif %>.
RUN <% if bootsnap %>bundle exec bootsnap precompile app/ lib/ \
    && <% endif %><% if assets %>SKIP_JS_BUILD=1 SKIP_CSS_BUILD=1 <% endif %>RAILS_ENV=production SECRET_KEY_BASE_DUMMY=1 <[ stand_ins ]>bin/rails assets:precompile

%% elif bootsnap
RUN bundle exec bootsnap precompile app/ lib/
%% endif
FROM <[ final ]>
%% if packages
# The system libraries that the gems bind.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends <[ packages | join(" ") ]> \
    && rm -rf /var/lib/apt/lists/*
%% endif
%% if account
RUN groupadd --gid <[ uid ]> <[ account ]> \
    && useradd --uid <[ uid ]> --gid <[ account ]> --create-home <[ account ]>
%% endif
ENV <[ environment ]>
WORKDIR /app
# Gems and code in layers of their own, owned by root: the application cannot change them.
COPY --from=build /usr/local/bundle /usr/local/bundle
COPY --from=build /app /app
<[ tail ]>
# Numeric, so that Kubernetes can verify runAsNonRoot.
USER <[ user ]>
%% if port
EXPOSE <[ port ]>
%% endif
%% if health
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD <[ health ]>
%% endif
CMD <[ command ]>
