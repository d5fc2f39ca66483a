plugins {
    alias(libs.plugins.kotlin.jvm)
    alias(libs.plugins.ktor)
    alias(libs.plugins.detekt)
}

group = "org.example"
version = "2.0.1"

repositories {
    mavenCentral()
}

kotlin {
    jvmToolchain(libs.versions.jvm.get().toInt())
}

application {
    mainClass = "org.example.weather.MainKt"
}

ktor {
    fatJar {
        archiveFileName = "weather.jar"
    }
}

dependencies {
    implementation(libs.bundles.server)
    implementation(libs.lettuce)
    testImplementation(libs.ktor.server.test.host)
    testImplementation(libs.kotlin.test)
}

tasks.test {
    useJUnitPlatform()
}
