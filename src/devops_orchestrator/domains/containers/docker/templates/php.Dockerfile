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
FROM <[ final ]> AS base
%% if packages or build_packages or pecl or extensions
# Extensions are compiled, then their headers go; the libraries stay.
%% if packages or build_packages
# hadolint ignore=DL3008
%% endif
RUN <[ extension_steps ]>
%% elif not opcache_built_in
RUN docker-php-ext-install -j"$(nproc)" opcache
%% endif
%% if symfony
ENV APP_ENV=prod
%% endif
%% if laravel
# Logs go to the container's output, not to a file inside it.
ENV LOG_CHANNEL=stderr
%% endif
WORKDIR /var/www/html

%% if composer
FROM base AS vendor
# Composer needs unzip for the packages' archives.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends unzip \
    && rm -rf /var/lib/apt/lists/*
COPY --from=composer:2 /usr/bin/composer /usr/local/bin/composer
ENV COMPOSER_ALLOW_SUPERUSER=1
# Dependencies alone: this layer is built again only when they change.
COPY <[ prefix ]>composer.json <% if lock %><[ prefix ]>composer.lock <% endif %>./
RUN --mount=type=cache,target=/root/.composer/cache \
    composer install --no-dev --no-scripts --no-autoloader --no-interaction
COPY <[ prefix ]>. .
# The class map is final now: no file look-ups at run time.
RUN composer dump-autoload --no-dev --classmap-authoritative<% if symfony %> \
    && composer run-script --no-dev post-install-cmd<% endif %><% if compile %> \
    && <[ compile ]><% endif %>

%% endif
FROM base
# Production settings, and bytecode that is never checked against files that cannot change.
RUN cp "$PHP_INI_DIR/php.ini-production" "$PHP_INI_DIR/php.ini" \
    && echo "opcache.validate_timestamps=0" > "$PHP_INI_DIR/conf.d/zz-opcache.ini" \
    && : > /etc/apache2/ports.conf<% if rewrite %> \
    && a2enmod rewrite<% endif %>

COPY <[ prefix ]>docker/apache.conf /etc/apache2/sites-available/000-default.conf
%% if laravel
COPY --chmod=755 <[ prefix ]>docker/start.sh /usr/local/bin/start
%% endif
# Owned by root: the application cannot change its own code.
%% if composer
COPY --from=vendor /var/www/html ./
%% else
COPY <[ prefix ]>. ./
%% endif
%% if assets
COPY --from=assets /app/public/build ./public/build
%% endif
%% if writable
# What the framework writes.
RUN mkdir -p <[ writable | join(" ") ]> \
    && chown -R <[ user ]> <[ writable | join(" ") ]>
%% endif
<[ tail ]>
# <% if user == "33:33" %>Debian's www-data; numeric<% else %>Numeric<% endif %>, so that Kubernetes can verify runAsNonRoot.
USER <[ user ]>
EXPOSE <[ port ]>
%% if health
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s --retries=3 \
    CMD <[ health ]>
%% endif
%% if laravel
ENTRYPOINT ["start"]
%% endif
CMD ["apache2-foreground"]
