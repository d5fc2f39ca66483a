//! Sets all counts to nothing.

#[tokio::main]
async fn main() -> mongodb::error::Result<()> {
    let uri = std::env::var("MONGODB_URI").expect("MONGODB_URI");
    let client = mongodb::Client::with_uri_str(&uri).await?;
    client.database("counter").drop().await
}
