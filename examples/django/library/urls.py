from django.contrib import admin
from django.urls import include, path

from library.views import healthz

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz/", healthz),
    path("loans/", include("loans.urls")),
]
