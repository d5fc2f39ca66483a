from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.CreateModel(
            name="Loan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("reader", models.CharField(max_length=100)),
                ("title", models.CharField(max_length=200)),
                ("due", models.DateField()),
                ("returned", models.BooleanField(default=False)),
            ],
        )
    ]
