use std::{env, net::Ipv4Addr};

use axum::routing::get;
use axum_prometheus::PrometheusMetricLayer;
use sqlx::postgres::PgPoolOptions;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    dotenvy::dotenv().ok();
    let database = env::var("DATABASE_URL").expect("DATABASE_URL must be set");
    // 8080 belongs to the proxy beside it.
    let port: u16 = env::var("GUESTBOOK_PORT")
        .unwrap_or_else(|_| "4100".to_owned())
        .parse()?;

    let pool = PgPoolOptions::new()
        .max_connections(8)
        .connect(&database)
        .await?;
    sqlx::migrate!().run(&pool).await?;

    let (layer, handle) = PrometheusMetricLayer::pair();
    let app = guestbook::router(pool)
        .route("/metrics", get(|| async move { handle.render() }))
        .layer(layer);
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).await?;
    axum::serve(listener, app).await?;
    Ok(())
}
