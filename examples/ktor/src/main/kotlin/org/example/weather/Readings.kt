package org.example.weather

import io.ktor.http.HttpStatusCode
import io.ktor.server.response.respond
import io.ktor.server.response.respondText
import io.ktor.server.routing.Route
import io.ktor.server.routing.get
import io.lettuce.core.RedisClient

class Readings(redis: RedisClient, private val station: String) {
    private val commands by lazy { redis.connect().sync() }

    fun temperature(place: String): String? = commands.get("$station:$place")
}

fun Route.readings(readings: Readings) {
    // get("/health") is answered by the proxy, not here
    get("/temperature/{place}") {
        val found = call.parameters["place"]?.let(readings::temperature)
        if (found == null) call.respond(HttpStatusCode.NotFound) else call.respondText(found)
    }
}
