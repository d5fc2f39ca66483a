use rocket::http::Status;
use rocket_db_pools::{deadpool_redis, sqlx, Database};

#[derive(Database)]
#[database("pastes")]
pub struct Pastes(sqlx::SqlitePool);

#[derive(Database)]
#[database("cache")]
pub struct Cache(deadpool_redis::Pool);

#[get("/<id>")]
pub fn show(id: &str) -> String {
    id.to_string()
}

#[delete("/<_id>")]
pub fn delete(_id: &str) -> Status {
    match std::env::var("PASTES_KEEP") {
        Ok(_) => Status::Forbidden,
        Err(_) => Status::NoContent,
    }
}
