"""The application factory."""

from decouple import config
from flask import Flask
from prometheus_flask_exporter import PrometheusMetrics

from recipes.extensions import database, migrate


def create_app() -> Flask:
    app = Flask(__name__, static_folder="assets")
    app.config["SECRET_KEY"] = config("SECRET_KEY")
    app.config["SQLALCHEMY_DATABASE_URI"] = config("DATABASE_URI")
    app.config["UPLOAD_FOLDER"] = "uploads/photos"
    app.config["MAX_CONTENT_LENGTH"] = config("MAX_UPLOAD", default=4_000_000, cast=int)
    database.init_app(app)
    migrate.init_app(app, database)
    PrometheusMetrics(app, path="/internal/metrics")

    from recipes.views import pages
    from recipes.status import checks

    app.register_blueprint(pages)
    app.register_blueprint(checks, url_prefix="/internal")
    return app
