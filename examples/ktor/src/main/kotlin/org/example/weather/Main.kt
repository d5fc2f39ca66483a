package org.example.weather

import io.ktor.server.application.Application
import io.ktor.server.application.install
import io.ktor.server.engine.embeddedServer
import io.ktor.server.metrics.micrometer.MicrometerMetrics
import io.ktor.server.netty.Netty
import io.ktor.server.routing.route
import io.ktor.server.routing.routing
import io.lettuce.core.RedisClient
import io.micrometer.prometheusmetrics.PrometheusConfig
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry

// Behind the proxy it is port 443; 8081 was the old one.
private const val DEFAULT_PORT = 8093

fun main() {
    val port = System.getenv("WEATHER_PORT")?.toIntOrNull() ?: DEFAULT_PORT
    val station = System.getenv("STATION_KEY") ?: error("STATION_KEY is not set")
    val redis = RedisClient.create(System.getenv("REDIS_URL") ?: "redis://localhost:6379/3")
    embeddedServer(Netty, port = port, host = "0.0.0.0") { weather(Readings(redis, station)) }.start(wait = true)
}

fun Application.weather(readings: Readings) {
    val registry = PrometheusMeterRegistry(PrometheusConfig.DEFAULT)
    install(MicrometerMetrics) { this.registry = registry }
    routing {
        route("/internal") {
            probes(registry)
        }
        route("/v1") {
            readings(readings)
        }
    }
}
