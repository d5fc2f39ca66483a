//! A guest book.

use axum::{Json, Router, extract::State, http::StatusCode, routing::get};
use serde::Serialize;
use sqlx::PgPool;
use tower_http::services::ServeDir;

#[derive(Serialize, sqlx::FromRow)]
struct Entry {
    id: i64,
    text: String,
}

/// All routes: the entries and the probes below `/api`, pages as files.
pub fn router(pool: PgPool) -> Router {
    Router::new()
        .nest("/api", api())
        .fallback_service(ServeDir::new("assets"))
        .with_state(pool)
}

fn api() -> Router<PgPool> {
    let probes = Router::new()
        .route("/healthz", get(healthy))
        .route("/readyz", get(ready));
    Router::new()
        .route("/entries", get(entries))
        .nest("/internal", probes)
}

async fn healthy() -> StatusCode {
    StatusCode::NO_CONTENT
}

async fn ready(State(pool): State<PgPool>) -> StatusCode {
    match sqlx::query("SELECT 1").execute(&pool).await {
        Ok(_) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

async fn entries(State(pool): State<PgPool>) -> Result<Json<Vec<Entry>>, StatusCode> {
    sqlx::query_as("SELECT id, text FROM entries ORDER BY id DESC LIMIT 50")
        .fetch_all(&pool)
        .await
        .map(Json)
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}
