//! Puts new books into the index, one after the other.

use futures::StreamExt;
use library_domain::{database_url, isbn};
use sea_orm::ConnectionTrait;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let database = sea_orm::Database::connect(database_url()).await?;
    let url = std::env::var("NATS_URL").unwrap_or_else(|_| "nats://localhost:4222".into());
    let client = async_nats::connect(url).await?;
    let mut books = client
        .queue_subscribe("books.new", "indexer".into())
        .await?;
    while let Some(message) = books.next().await {
        if isbn(&String::from_utf8_lossy(&message.payload)).is_some() {
            database
                .execute_unprepared("UPDATE library SET books = books + 1")
                .await?;
        }
    }
    Ok(())
}
