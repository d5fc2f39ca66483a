import { mkdirSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

mkdirSync("var", { recursive: true });
const database = new DatabaseSync("var/journal.db");
database.exec("CREATE TABLE IF NOT EXISTS hooks (path TEXT, received_at TEXT)");

export function record(path) {
  database.prepare("INSERT INTO hooks VALUES (?, datetime('now'))").run(path);
}
