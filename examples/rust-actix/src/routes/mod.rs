mod books;

use actix_web::{get, web, HttpResponse, Responder};

/// Everything that the shelf serves, below `/shelf`.
pub fn configure(app: &mut web::ServiceConfig) {
    app.service(
        web::scope("/shelf").service(health_check).service(
            web::scope("/books")
                .route("", web::get().to(books::list))
                .route("/status", web::post().to(books::touch)),
        ),
    );
}

#[get("/health-check")]
async fn health_check() -> impl Responder {
    HttpResponse::NoContent()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{test, App};

    // Served here alone: /selftest/health
    #[get("/selftest/health")]
    async fn selftest() -> impl Responder {
        HttpResponse::Ok()
    }

    #[actix_web::test]
    async fn answers() {
        let app = test::init_service(App::new().configure(configure).service(selftest)).await;
        let request = test::TestRequest::get()
            .uri("/shelf/health-check")
            .to_request();
        assert!(test::call_service(&app, request)
            .await
            .status()
            .is_success());
    }
}
