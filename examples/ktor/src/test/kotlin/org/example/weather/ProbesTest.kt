package org.example.weather

import io.ktor.client.request.get
import io.ktor.client.statement.bodyAsText
import io.ktor.server.routing.routing
import io.ktor.server.testing.testApplication
import io.micrometer.prometheusmetrics.PrometheusConfig
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry
import kotlin.test.Test
import kotlin.test.assertEquals

class ProbesTest {
    @Test
    fun `it lives`() = testApplication {
        application { routing { probes(PrometheusMeterRegistry(PrometheusConfig.DEFAULT)) } }
        assertEquals("yes", client.get("/alive").bodyAsText())
    }
}
