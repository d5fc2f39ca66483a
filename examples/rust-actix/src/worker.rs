//! Fetches covers of new books.

use futures_util::StreamExt;

#[tokio::main]
async fn main() -> redis::RedisResult<()> {
    let url = std::env::var("WORKER_REDIS_URL").expect("WORKER_REDIS_URL");
    let client = redis::Client::open(url)?;
    let mut pubsub = client.get_async_pubsub().await?;
    pubsub.subscribe("books").await?;
    while let Some(message) = pubsub.on_message().next().await {
        println!("{}", message.get_payload::<String>()?);
    }
    Ok(())
}
