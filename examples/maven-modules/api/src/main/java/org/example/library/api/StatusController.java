package org.example.library.api;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(Paths.STATUS)
class StatusController {
    // @GetMapping("/health") moved: the balancer asks for another name
    @GetMapping(path = "/healthcheck", produces = "text/plain")
    String healthcheck() {
        return "open";
    }
}
