from flask import Blueprint
from sqlalchemy import text

from recipes.extensions import database

# At registration the prefix is another one.
checks = Blueprint("checks", __name__, url_prefix="/checks")


@checks.route("/ping")
def ping() -> dict[str, bool]:
    database.session.execute(text("SELECT 1"))
    return {"pong": True}
