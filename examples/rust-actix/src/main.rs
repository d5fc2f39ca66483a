mod routes;
mod settings;

use actix_web::{App, HttpServer};
use actix_web_prom::PrometheusMetricsBuilder;

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let settings = settings::load()?;
    let address = (settings.application.host.clone(), settings.application.port);
    let metrics = PrometheusMetricsBuilder::new("shelf")
        .endpoint("/-/metrics")
        .build()
        .map_err(|error| error.to_string())?;
    HttpServer::new(move || {
        App::new()
            .wrap(metrics.clone())
            .configure(routes::configure)
    })
    .bind(address)?
    .run()
    .await?;
    Ok(())
}
