#[macro_use]
extern crate rocket;

mod pastes;

use rocket::fs::FileServer;
use rocket::http::Status;
use rocket_db_pools::Database;

#[get("/status/alive")]
fn alive() -> Status {
    Status::NoContent
}

#[launch]
fn rocket() -> _ {
    if let Err(error) = std::fs::create_dir_all("data") {
        panic!("data: {error}");
    }
    rocket::build()
        .attach(pastes::Pastes::init())
        .attach(pastes::Cache::init())
        .mount("/", FileServer::from("static"))
        .mount("/service", routes![alive])
        .mount("/pastes", routes![pastes::show, pastes::delete])
}

#[cfg(test)]
mod test {
    use rocket::http::Status;
    use rocket::local::blocking::Client;

    #[test]
    fn is_alive() {
        let client = Client::untracked(rocket::build().mount("/", routes![super::alive])).unwrap();
        assert_eq!(
            client.get("/status/alive").dispatch().status(),
            Status::NoContent
        );
    }
}
