package com.example.sessions

import java.time.Duration
import java.util.UUID
import org.springframework.data.redis.core.StringRedisTemplate
import org.springframework.http.HttpStatus
import org.springframework.web.bind.annotation.GetMapping
import org.springframework.web.bind.annotation.PathVariable
import org.springframework.web.bind.annotation.PostMapping
import org.springframework.web.bind.annotation.RequestMapping
import org.springframework.web.bind.annotation.RestController
import org.springframework.web.server.ResponseStatusException

@RestController
@RequestMapping("/sessions")
class SessionController(private val redis: StringRedisTemplate) {

    @PostMapping("/{user}")
    fun open(@PathVariable user: String): Map<String, String> {
        val id = token()
        redis.opsForValue().set("session:$id", user, Duration.ofHours(1))
        return mapOf("id" to id)
    }

    @GetMapping("/{id}")
    fun user(@PathVariable id: String): Map<String, String> {
        val user = redis.opsForValue().get("session:$id") ?: throw ResponseStatusException(HttpStatus.NOT_FOUND)
        return mapOf("user" to user)
    }
}

fun token(): String = UUID.randomUUID().toString()
