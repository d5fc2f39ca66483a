rootProject.name = "sessions"
