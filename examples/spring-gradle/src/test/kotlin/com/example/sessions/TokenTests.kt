package com.example.sessions

import kotlin.test.Test
import kotlin.test.assertNotEquals

class TokenTests {
    @Test
    fun `two tokens differ`() {
        assertNotEquals(token(), token())
    }
}
