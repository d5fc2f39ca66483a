from flask import Blueprint, current_app, jsonify, request

from guestbook.models import Entry, db

blueprint = Blueprint("entries", __name__)


@blueprint.get("/")
def latest():
    entries = Entry.query.order_by(Entry.id.desc()).limit(current_app.config["PAGE_SIZE"])
    return jsonify([{"author": entry.author, "message": entry.message} for entry in entries])


@blueprint.post("/")
def sign():
    entry = Entry(author=request.json["author"], message=request.json["message"])
    db.session.add(entry)
    db.session.commit()
    return jsonify(id=entry.id), 201
