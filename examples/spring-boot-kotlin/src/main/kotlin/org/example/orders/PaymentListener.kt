package org.example.orders

import org.slf4j.LoggerFactory
import org.springframework.kafka.annotation.KafkaListener
import org.springframework.stereotype.Component

@Component
class PaymentListener {
    private val log = LoggerFactory.getLogger(javaClass)

    @KafkaListener(topics = ["payments"], groupId = "orders")
    fun paid(number: String) {
        log.info("order {} is paid", number)
    }
}
