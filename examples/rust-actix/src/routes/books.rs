use actix_web::{HttpResponse, Responder};

pub async fn list() -> impl Responder {
    HttpResponse::Ok().json(Vec::<String>::new())
}

pub async fn touch() -> impl Responder {
    HttpResponse::Accepted()
}
