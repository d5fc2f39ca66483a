package org.example.orders

import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.reactive.asFlow
import org.springframework.context.annotation.Bean
import org.springframework.context.annotation.Configuration
import org.springframework.r2dbc.core.DatabaseClient
import org.springframework.web.reactive.function.server.bodyValueAndAwait
import org.springframework.web.reactive.function.server.coRouter
import org.springframework.web.reactive.function.server.ServerResponse.ok

@Configuration
class OrderRoutes(private val database: DatabaseClient) {
    @Bean
    fun routes() = coRouter {
        "/orders".nest {
            GET("/open") {
                val open = database.sql("select number from orders where shipped_at is null").fetch().all()
                ok().bodyValueAndAwait(open.asFlow().toList())
            }
        }
    }
}
