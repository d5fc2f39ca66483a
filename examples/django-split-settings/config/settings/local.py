from config.settings.base import *

DEBUG = True
ALLOWED_HOSTS = ["*"]
