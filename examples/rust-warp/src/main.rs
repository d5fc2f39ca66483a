//! Counts visits.

use clap::Parser;
use warp::Filter;

#[derive(Parser)]
struct Options {
    /// Port to listen on
    #[arg(long, env = "COUNTER_PORT", default_value_t = 3900)]
    port: u16,

    /// Where the counts are kept
    #[arg(long, env = "MONGODB_URI")]
    mongodb: String,

    /// Name of the database
    #[arg(long, env, default_value = "counter")]
    counter_database: String,
}

fn routes(
    counts: mongodb::Database,
) -> impl Filter<Extract = (impl warp::Reply,), Error = warp::Rejection> + Clone {
    let name = counts.name().to_owned();
    let health = warp::path!("_" / "health").and(warp::get()).map(|| "well");
    let visits = warp::path("visits")
        .and(warp::path::end())
        .and(warp::post())
        .map(move || format!("counted in {name}"));
    health.or(visits)
}

#[tokio::main]
async fn main() -> mongodb::error::Result<()> {
    let options = Options::parse();
    let client = mongodb::Client::with_uri_str(&options.mongodb).await?;
    let database = client.database(&options.counter_database);
    warp::serve(routes(database))
        .run(([0, 0, 0, 0], options.port))
        .await;
    Ok(())
}
