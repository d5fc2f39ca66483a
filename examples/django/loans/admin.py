from django.contrib import admin

from loans.models import Loan

admin.site.register(Loan)
