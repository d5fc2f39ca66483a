from django.db import models


class Loan(models.Model):
    reader = models.CharField(max_length=100)
    title = models.CharField(max_length=200)
    due = models.DateField()
    returned = models.BooleanField(default=False)
