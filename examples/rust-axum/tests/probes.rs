use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use sqlx::postgres::PgPoolOptions;
use tower::ServiceExt;

#[tokio::test]
async fn is_healthy_without_a_database() {
    let pool = PgPoolOptions::new()
        .connect_lazy("postgres://nobody@localhost/none")
        .unwrap();
    let request = Request::get("/api/internal/healthz")
        .body(Body::empty())
        .unwrap();
    let response = guestbook::router(pool).oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
}
