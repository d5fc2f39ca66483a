package org.example.weather

import io.ktor.server.response.respondText
import io.ktor.server.routing.Route
import io.ktor.server.routing.get
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry

/** What the platform asks: whether the process lives, and its metrics. */
fun Route.probes(registry: PrometheusMeterRegistry) {
    get("/alive") {
        call.respondText("yes")
    }
    get("/numbers") {
        call.respondText(registry.scrape())
    }
}
