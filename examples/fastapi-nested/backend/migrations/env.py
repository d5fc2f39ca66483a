from alembic import context

from lighthouse.core.settings import settings

context.configure(url=settings.database.url)
