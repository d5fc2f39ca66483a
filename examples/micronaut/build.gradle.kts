plugins {
    id("com.gradleup.shadow") version "9.3.1"
    id("io.micronaut.application") version "4.6.1"
    checkstyle
}

group = "org.example"

repositories {
    mavenCentral()
}

dependencies {
    annotationProcessor("io.micronaut.serde:micronaut-serde-processor")
    implementation("io.micronaut:micronaut-management")
    implementation("io.micronaut.micrometer:micronaut-micrometer-registry-prometheus")
    implementation("io.micronaut.mongodb:micronaut-mongo-sync")
    implementation("io.micronaut.serde:micronaut-serde-jackson")
    // implementation("io.micronaut.kafka:micronaut-kafka")
    runtimeOnly("org.yaml:snakeyaml")
    runtimeOnly("ch.qos.logback:logback-classic")
    testImplementation("io.micronaut:micronaut-http-client")
}

application {
    mainClass = "org.example.bookings.Application"
}

java {
    sourceCompatibility = JavaVersion.toVersion("21")
    targetCompatibility = JavaVersion.toVersion("21")
}

micronaut {
    version(providers.gradleProperty("micronautVersion").get())
    runtime("netty")
    testRuntime("junit5")
    processing {
        incremental(true)
        annotations("org.example.bookings.*")
    }
}
