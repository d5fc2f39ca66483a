from django.contrib import admin
from django.urls import include, path

from parcels.views import parcel

api = [
    path("parcels/<str:number>/", parcel),
    # path("health/", parcel),
]

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include(api)),
    path("ops/ht/", include("health_check.urls")),
    path("ops/", include("django_prometheus.urls")),
]
