package com.example.sessions

import org.springframework.boot.autoconfigure.SpringBootApplication
import org.springframework.boot.runApplication

@SpringBootApplication
class SessionsApplication

fun main(args: Array<String>) {
    runApplication<SessionsApplication>(*args)
}
