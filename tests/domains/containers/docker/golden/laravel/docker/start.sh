#!/bin/sh
# The configuration is cached here and not in the image: it is read from the environment, which the build does not know.
set -e
php artisan config:cache
php artisan route:cache
php artisan view:cache
exec "$@"
