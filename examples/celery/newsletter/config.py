from environs import Env

env = Env()

with env.prefixed("NEWSLETTER_"):
    SENDER = env.str("SENDER")
    BATCH = env.int("BATCH", 200)

# A broker of the old days: amqp://guest@localhost//
BROKER_URL = env.str("BROKER_URL", "redis://localhost:6379/1")
DATABASE_URL = env.str("DATABASE_URL")
