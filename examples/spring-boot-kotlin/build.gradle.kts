import org.springframework.boot.gradle.plugin.SpringBootPlugin

plugins {
    alias(libs.plugins.kotlin.jvm)
    alias(libs.plugins.kotlin.spring)
    alias(libs.plugins.spring.boot)
    alias(libs.plugins.ktlint)
}

group = "org.example"
version = "3.1.0-SNAPSHOT"

repositories {
    mavenCentral()
}

java {
    toolchain {
        languageVersion = JavaLanguageVersion.of(libs.versions.java.get())
    }
}

dependencies {
    implementation(platform(SpringBootPlugin.BOM_COORDINATES))
    implementation(libs.boot.webflux)
    implementation(libs.boot.actuator)
    implementation(libs.boot.kafka)
    implementation(libs.boot.r2dbc)
    runtimeOnly(libs.prometheus)
    runtimeOnly(libs.r2dbc.postgresql)
    testImplementation(libs.boot.test)
    // The embedded broker of the tests; the application needs no Redis.
    // testImplementation("org.springframework.boot:spring-boot-starter-data-redis")
}

tasks.bootJar {
    archiveFileName = "orders.jar"
}

tasks.test {
    useJUnitPlatform()
}
