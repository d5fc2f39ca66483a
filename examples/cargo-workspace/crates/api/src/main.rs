use axum::{Router, extract::Path, http::StatusCode, routing::get};
use library_domain::{database_url, isbn};

const ADDRESS: &str = "[::]:5300";

fn probes() -> Router {
    Router::new().route("/livez", get(async || StatusCode::NO_CONTENT))
}

async fn book(Path(code): Path<String>) -> Result<String, StatusCode> {
    isbn(&code).ok_or(StatusCode::NOT_FOUND)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let _database = sea_orm::Database::connect(database_url()).await?;
    let app = Router::new()
        .route("/books/{code}", get(book))
        .merge(probes());
    let listener = tokio::net::TcpListener::bind(ADDRESS).await?;
    axum::serve(listener, app).await?;
    Ok(())
}
