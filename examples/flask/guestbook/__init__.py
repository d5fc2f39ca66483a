import os

from flask import Flask, jsonify

from guestbook.entries import blueprint
from guestbook.models import db


def create_app(database_url: str | None = None) -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url or os.environ["DATABASE_URL"]
    app.config["PAGE_SIZE"] = int(os.environ.get("PAGE_SIZE", "20"))
    db.init_app(app)
    app.register_blueprint(blueprint, url_prefix="/entries")

    @app.get("/health")
    def health():
        return jsonify(status="ok")

    with app.app_context():
        db.create_all()
    return app
