use config::{Config, ConfigError, Environment, File};
use serde::Deserialize;

#[derive(Deserialize, Clone)]
pub struct Settings {
    pub application: Application,
    pub database: Database,
    pub redis_uri: String,
}

#[derive(Deserialize, Clone)]
pub struct Application {
    pub host: String,
    pub port: u16,
}

#[derive(Deserialize, Clone)]
pub struct Database {
    pub host: String,
    pub port: u16,
    pub name: String,
}

/// The base, then what the environment's own file and variables such as `SHELF__APPLICATION__PORT` say.
pub fn load() -> Result<Settings, ConfigError> {
    let environment = std::env::var("SHELF_ENV").unwrap_or_else(|_| "production".into());
    Config::builder()
        .add_source(File::with_name("configuration/base"))
        .add_source(File::with_name(&format!("configuration/{environment}")).required(false))
        .add_source(Environment::with_prefix("SHELF").separator("__"))
        .build()?
        .try_deserialize::<Settings>()
}
