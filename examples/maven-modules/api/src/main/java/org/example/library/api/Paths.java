package org.example.library.api;

final class Paths {
    static final String STATUS = "/status";
    static final String LOANS = "/loans";

    private Paths() {
    }
}
