<[ head ]>
%% if assets
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
FROM <[ final_image ]> AS base
%% if packages or build_packages or pecl or extensions
# Extensions are compiled, then their headers go; the libraries stay.
RUN <% if packages or build_packages %>apt-get update \
    && apt-get install --yes --no-install-recommends <[ (packages + build_packages) | join(" ") ]> \
    && <% endif %>docker-php-ext-install -j"$(nproc)" <[ extensions | join(" ") ]><% if not opcache_built_in %> opcache<% endif %><% if pecl %> \
    && pecl install <[ pecl | join(" ") ]> \
    && docker-php-ext-enable <[ pecl | join(" ") ]> \
    && rm -rf /tmp/pear<% endif %><% if build_packages %> \
    && apt-get purge --yes --auto-remove <[ build_packages | join(" ") ]><% endif %><% if packages or build_packages %> \
    && rm -rf /var/lib/apt/lists/*<% endif %>

%% elif not opcache_built_in
RUN docker-php-ext-install -j"$(nproc)" opcache
%% endif
WORKDIR /var/www/html

FROM base AS vendor
# Composer needs unzip for the packages' archives.
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
    && composer run-script --no-dev post-install-cmd<% endif %>


FROM base
# Production settings, and bytecode that is never checked against files that cannot change.
RUN cp "$PHP_INI_DIR/php.ini-production" "$PHP_INI_DIR/php.ini" \
    && echo "opcache.validate_timestamps=0" > "$PHP_INI_DIR/conf.d/zz-opcache.ini" \
    && a2enmod rewrite headers \
    && : > /etc/apache2/ports.conf
COPY <[ prefix ]>docker/apache.conf /etc/apache2/sites-available/000-default.conf
%% if laravel
COPY --chmod=755 <[ prefix ]>docker/start.sh /usr/local/bin/start
%% endif
%% if symfony
ENV APP_ENV=prod
%% endif
# Owned by root: the application cannot change its own code.
COPY --from=vendor /var/www/html ./
%% if assets
COPY --from=assets /app/public/build ./public/build
%% endif
%% if writable
# What the framework writes.
RUN mkdir -p <[ writable | join(" ") ]> \
    && chown -R <[ user ]> <[ writable | join(" ") ]>
%% endif
<[ tail ]>
# Debian's www-data; numeric, so that Kubernetes can verify runAsNonRoot.
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
