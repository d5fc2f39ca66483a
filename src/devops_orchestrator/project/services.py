"""Packages that talk to a backing service. A package is looked up by its whole name, never by a part of it."""

from __future__ import annotations

from collections.abc import Mapping

from devops_orchestrator.project.draft import Draft


def _table(**names: str) -> dict[str, str]:
    return {package: service for service, packages in names.items() for package in packages.split()}


PYTHON = _table(
    postgresql="psycopg psycopg2 psycopg2-binary psycopg-binary asyncpg pg8000 aiopg psycopg-pool django-postgres-extra pgvector",
    mysql="mysqlclient pymysql aiomysql asyncmy mysql-connector-python mysql-connector",
    mariadb="mariadb",
    mongodb="pymongo motor mongoengine beanie odmantic flask-pymongo djongo django-mongodb-backend",
    redis="redis aioredis django-redis rq django-rq arq channels-redis flask-redis fakeredis-lua redis-om walrus dramatiq-redis coredis valkey",
    rabbitmq="pika aio-pika aiormq amqp amqpstorm",
    kafka="kafka-python kafka-python-ng confluent-kafka aiokafka faust faust-streaming",
    elasticsearch="elasticsearch elasticsearch-dsl django-elasticsearch-dsl",
    memcached="pymemcache pylibmc python-memcached aiomcache python-binary-memcached",
    nats="nats-py",
    minio="minio",
)
NODE = _table(
    postgresql="pg pg-promise postgres @vercel/postgres @neondatabase/serverless slonik pg-native @nestjs/postgres @fastify/postgres",
    mysql="mysql mysql2 @fastify/mysql serverless-mysql",
    mariadb="mariadb",
    mongodb="mongodb mongoose @nestjs/mongoose @fastify/mongodb mongoist typegoose @typegoose/typegoose",
    redis="redis ioredis bull bullmq connect-redis @fastify/redis @nestjs/bull @nestjs/bullmq bee-queue handy-redis rate-limit-redis @upstash/redis",
    rabbitmq="amqplib amqp-connection-manager @golevelup/nestjs-rabbitmq rascal",
    kafka="kafkajs node-rdkafka @confluentinc/kafka-javascript",
    elasticsearch="@elastic/elasticsearch elasticsearch @nestjs/elasticsearch",
    memcached="memcached memjs",
    nats="nats @nats-io/transport-node",
    minio="minio",
)
GO = _table(
    postgresql="github.com/jackc/pgx github.com/lib/pq github.com/jackc/pgx/v4 github.com/jackc/pgx/v5 gorm.io/driver/postgres github.com/go-pg/pg/v10 github.com/uptrace/bun/driver/pgdriver",
    mysql="github.com/go-sql-driver/mysql gorm.io/driver/mysql",
    mongodb="go.mongodb.org/mongo-driver go.mongodb.org/mongo-driver/v2 gopkg.in/mgo.v2",
    redis="github.com/redis/go-redis github.com/redis/go-redis/v9 github.com/go-redis/redis github.com/go-redis/redis/v7 github.com/go-redis/redis/v8 github.com/gomodule/redigo github.com/redis/rueidis github.com/hibiken/asynq",
    rabbitmq="github.com/rabbitmq/amqp091-go github.com/streadway/amqp",
    kafka="github.com/segmentio/kafka-go github.com/IBM/sarama github.com/Shopify/sarama github.com/twmb/franz-go github.com/confluentinc/confluent-kafka-go github.com/confluentinc/confluent-kafka-go/v2",
    elasticsearch="github.com/elastic/go-elasticsearch/v7 github.com/elastic/go-elasticsearch/v8 github.com/elastic/go-elasticsearch/v9 github.com/olivere/elastic/v7",
    memcached="github.com/bradfitz/gomemcache",
    nats="github.com/nats-io/nats.go",
    minio="github.com/minio/minio-go/v7",
)
JAVA = _table(
    postgresql="org.postgresql:postgresql org.postgresql:r2dbc-postgresql io.quarkus:quarkus-jdbc-postgresql io.quarkus:quarkus-reactive-pg-client org.flywaydb:flyway-database-postgresql",
    mysql="mysql:mysql-connector-java com.mysql:mysql-connector-j io.quarkus:quarkus-jdbc-mysql io.quarkus:quarkus-reactive-mysql-client",
    mariadb="org.mariadb.jdbc:mariadb-java-client io.quarkus:quarkus-jdbc-mariadb",
    mongodb="org.springframework.boot:spring-boot-starter-data-mongodb org.springframework.boot:spring-boot-starter-data-mongodb-reactive org.mongodb:mongodb-driver-sync org.mongodb:mongodb-driver-reactivestreams io.quarkus:quarkus-mongodb-client io.quarkus:quarkus-mongodb-panache",
    redis="org.springframework.boot:spring-boot-starter-data-redis org.springframework.boot:spring-boot-starter-data-redis-reactive redis.clients:jedis io.lettuce:lettuce-core org.redisson:redisson org.redisson:redisson-spring-boot-starter io.quarkus:quarkus-redis-client org.springframework.session:spring-session-data-redis",
    rabbitmq="org.springframework.boot:spring-boot-starter-amqp com.rabbitmq:amqp-client io.quarkus:quarkus-messaging-rabbitmq io.quarkus:quarkus-smallrye-reactive-messaging-rabbitmq",
    kafka="org.springframework.kafka:spring-kafka org.springframework.boot:spring-boot-starter-kafka org.apache.kafka:kafka-clients io.quarkus:quarkus-messaging-kafka io.quarkus:quarkus-kafka-client io.quarkus:quarkus-smallrye-reactive-messaging-kafka",
    elasticsearch="org.springframework.boot:spring-boot-starter-data-elasticsearch co.elastic.clients:elasticsearch-java org.elasticsearch.client:elasticsearch-rest-high-level-client",
    memcached="net.spy:spymemcached com.googlecode.xmemcached:xmemcached",
    nats="io.nats:jnats",
    minio="io.minio:minio",
)
PHP = _table(
    mongodb="mongodb/mongodb mongodb/laravel-mongodb doctrine/mongodb-odm doctrine/mongodb-odm-bundle jenssegers/mongodb ext-mongodb",
    redis="predis/predis ext-redis snc/redis-bundle symfony/redis-messenger laravel/horizon",
    rabbitmq="php-amqplib/php-amqplib symfony/amqp-messenger vladimir-yuldashev/laravel-queue-rabbitmq ext-amqp php-amqplib/rabbitmq-bundle",
    kafka="ext-rdkafka mateusjunges/laravel-kafka",
    elasticsearch="elasticsearch/elasticsearch friendsofsymfony/elastica-bundle ruflin/elastica",
    memcached="ext-memcached",
    postgresql="ext-pdo_pgsql ext-pgsql",
    mysql="ext-pdo_mysql ext-mysqli",
    nats="basis-company/nats",
)
RUBY = _table(
    postgresql="pg", mysql="mysql2 trilogy", mongodb="mongo mongoid",
    redis="redis sidekiq resque redis-rails hiredis redis-client resque-pool",
    rabbitmq="bunny sneakers", kafka="ruby-kafka rdkafka karafka", elasticsearch="elasticsearch searchkick elasticsearch-rails",
    memcached="dalli", nats="nats-pure",
)  # fmt: skip
RUST = _table(
    postgresql="tokio-postgres postgres deadpool-postgres", mysql="mysql mysql_async", mongodb="mongodb",
    redis="redis fred deadpool-redis", rabbitmq="lapin", kafka="rdkafka", elasticsearch="elasticsearch", memcached="memcache",
    nats="async-nats nats", minio="minio",
)  # fmt: skip
CSHARP = _table(
    postgresql="Npgsql Npgsql.EntityFrameworkCore.PostgreSQL", mysql="MySql.Data MySqlConnector Pomelo.EntityFrameworkCore.MySql",
    mongodb="MongoDB.Driver", redis="StackExchange.Redis Microsoft.Extensions.Caching.StackExchangeRedis",
    rabbitmq="RabbitMQ.Client MassTransit.RabbitMQ EasyNetQ", kafka="Confluent.Kafka", elasticsearch="Elastic.Clients.Elasticsearch NEST",
    memcached="EnyimMemcachedCore", nats="NATS.Client NATS.Net", minio="Minio",
)  # fmt: skip
ELIXIR = _table(
    postgresql="postgrex", mysql="myxql", mongodb="mongodb_driver", redis="redix", rabbitmq="amqp broadway_rabbitmq",
    kafka="brod kaffe broadway_kafka", elasticsearch="elasticsearch", memcached="memcachex", nats="gnat",
)  # fmt: skip

# The last part of an image's name → the service.
IMAGES = {
    "postgres": "postgresql", "postgresql": "postgresql", "postgis": "postgresql", "timescaledb": "postgresql", "pgvector": "postgresql",
    "timescaledb-ha": "postgresql", "mysql": "mysql", "mysql-server": "mysql", "mariadb": "mariadb", "mongo": "mongodb", "mongodb": "mongodb",
    "redis": "redis", "redis-stack": "redis", "redis-stack-server": "redis", "valkey": "redis", "dragonfly": "redis", "rabbitmq": "rabbitmq",
    "kafka": "kafka", "cp-kafka": "kafka", "kafka-native": "kafka", "redpanda": "kafka", "elasticsearch": "elasticsearch",
    "memcached": "memcached", "nats": "nats", "minio": "minio",
}  # fmt: skip

# The scheme of a connection string → the service.
SCHEMES = {
    "postgres": "postgresql", "postgresql": "postgresql", "pgsql": "postgresql", "postgis": "postgresql", "mysql": "mysql", "mysql2": "mysql",
    "mariadb": "mariadb", "mongodb": "mongodb", "mongodb+srv": "mongodb", "redis": "redis", "rediss": "redis", "amqp": "rabbitmq",
    "amqps": "rabbitmq", "kafka": "kafka", "memcached": "memcached", "nats": "nats",
}  # fmt: skip


def from_packages(draft: Draft, table: Mapping[str, str]) -> None:
    """Add the services of the runtime dependencies."""
    for package in draft.dependencies:
        service = table.get(package)
        if service and package not in draft.dev_dependencies:
            draft.add("services", service, draft.place(package))


def of_url(text: object) -> str | None:
    """The service of a connection string (`postgresql+asyncpg://…`), or None."""
    if not isinstance(text, str) or "://" not in text:
        return None
    scheme = text.partition("://")[0].strip().lower().removeprefix("jdbc:")
    return SCHEMES.get(scheme) or SCHEMES.get(scheme.partition("+")[0])


def of_image(image: str) -> str | None:
    """The service that a container image is, or None."""
    name = image.partition("@")[0].rpartition("/")[2].partition(":")[0].lower()
    return IMAGES.get(name)
