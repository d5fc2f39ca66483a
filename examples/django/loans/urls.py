from django.urls import path

from loans.views import open_loans

urlpatterns = [path("", open_loans)]
