package org.example.library.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatusControllerTests {
    @Test
    void theLibraryIsOpen() {
        assertThat(new StatusController().healthcheck()).isEqualTo("open");
    }
}
