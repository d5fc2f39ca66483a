package com.example.inventory;

import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.MockMvc;

@SpringBootTest
@AutoConfigureMockMvc
class ItemControllerTests {

    @Autowired
    private MockMvc http;

    @Test
    void anItemIsKept() throws Exception {
        http.perform(post("/items").contentType(MediaType.APPLICATION_JSON).content("{\"name\":\"bolt\",\"quantity\":3}"))
            .andExpect(status().isCreated())
            .andExpect(jsonPath("$.id").isNumber());
    }
}
