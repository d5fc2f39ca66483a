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
    postgresql="pg pg-promise postgres @vercel/postgres @neondatabase/serverless slonik pg-native @nestjs/postgres @fastify/postgres pg-boss graphile-worker pg-pool massive @databases/pg @mikro-orm/postgresql @prisma/adapter-pg @prisma/adapter-neon kysely-postgres-js postgres-migrations pg-query-stream",
    mysql="mysql mysql2 @fastify/mysql serverless-mysql @mikro-orm/mysql @databases/mysql promise-mysql",
    mariadb="mariadb @mikro-orm/mariadb",
    mongodb="mongodb mongoose @nestjs/mongoose @fastify/mongodb mongoist typegoose @typegoose/typegoose agenda @agendajs/mongo-backend connect-mongo @mikro-orm/mongodb connect-mongodb-session @adminjs/mongoose monk",
    redis="redis ioredis bull bullmq connect-redis @fastify/redis @nestjs/bull @nestjs/bullmq bee-queue handy-redis rate-limit-redis @upstash/redis @redis/client node-resque kue @keyv/redis @socket.io/redis-adapter @hapi/catbox-redis @liaoliaots/nestjs-redis @nestjs-modules/ioredis redis-om rsmq koa-redis cache-manager-redis-store cache-manager-ioredis @adonisjs/redis",
    rabbitmq="amqplib amqp-connection-manager @golevelup/nestjs-rabbitmq rascal",
    kafka="kafkajs node-rdkafka @confluentinc/kafka-javascript kafka-node",
    elasticsearch="@elastic/elasticsearch elasticsearch @nestjs/elasticsearch",
    memcached="memcached memjs",
    nats="nats @nats-io/transport-node",
    minio="minio",
)
DENO = {
    **NODE,
    **_table(
        postgresql="@db/postgres @bartlomieju/postgres x/postgres x/postgresjs", mysql="@db/mysql x/mysql", mongodb="@db/mongo x/mongo",
        redis="@db/redis @iuioiua/redis x/redis", rabbitmq="x/amqp @nashaddams/amqp", kafka="x/kafkasaur", elasticsearch="x/elasticsearch",
    ),
}  # fmt: skip
GO = _table(
    postgresql="github.com/jackc/pgx github.com/lib/pq github.com/jackc/pgx/v4 github.com/jackc/pgx/v5 gorm.io/driver/postgres github.com/go-pg/pg/v10 github.com/go-pg/pg github.com/uptrace/bun/driver/pgdriver github.com/jinzhu/gorm/dialects/postgres",
    mysql="github.com/go-sql-driver/mysql gorm.io/driver/mysql github.com/jinzhu/gorm/dialects/mysql",
    mongodb="go.mongodb.org/mongo-driver go.mongodb.org/mongo-driver/v2 gopkg.in/mgo.v2 github.com/globalsign/mgo github.com/kamva/mgm/v3 github.com/qiniu/qmgo",
    redis="github.com/redis/go-redis github.com/redis/go-redis/v9 github.com/go-redis/redis github.com/go-redis/redis/v7 github.com/go-redis/redis/v8 github.com/gomodule/redigo github.com/redis/rueidis github.com/hibiken/asynq github.com/go-redis/redis/v9 github.com/gofiber/storage/redis github.com/gofiber/storage/redis/v3 github.com/mediocregopher/radix/v4",
    rabbitmq="github.com/rabbitmq/amqp091-go github.com/streadway/amqp",
    kafka="github.com/segmentio/kafka-go github.com/IBM/sarama github.com/Shopify/sarama github.com/twmb/franz-go github.com/confluentinc/confluent-kafka-go github.com/confluentinc/confluent-kafka-go/v2",
    elasticsearch="github.com/elastic/go-elasticsearch/v7 github.com/elastic/go-elasticsearch/v8 github.com/elastic/go-elasticsearch/v9 github.com/olivere/elastic/v7",
    memcached="github.com/bradfitz/gomemcache",
    nats="github.com/nats-io/nats.go",
    minio="github.com/minio/minio-go/v7",
)
JAVA = _table(
    postgresql="org.postgresql:postgresql org.postgresql:r2dbc-postgresql io.r2dbc:r2dbc-postgresql io.quarkus:quarkus-jdbc-postgresql io.quarkus:quarkus-reactive-pg-client org.flywaydb:flyway-database-postgresql io.vertx:vertx-pg-client com.pgvector:pgvector com.github.jasync-sql:jasync-postgresql com.impossibl.pgjdbc-ng:pgjdbc-ng org.springframework.ai:spring-ai-starter-vector-store-pgvector",
    mysql="mysql:mysql-connector-java com.mysql:mysql-connector-j io.asyncer:r2dbc-mysql dev.miku:r2dbc-mysql io.quarkus:quarkus-jdbc-mysql io.quarkus:quarkus-reactive-mysql-client io.vertx:vertx-mysql-client com.github.jasync-sql:jasync-mysql",
    mariadb="org.mariadb.jdbc:mariadb-java-client org.mariadb:r2dbc-mariadb io.quarkus:quarkus-jdbc-mariadb",
    mongodb="org.springframework.boot:spring-boot-starter-data-mongodb org.springframework.boot:spring-boot-starter-data-mongodb-reactive org.springframework.boot:spring-boot-starter-mongodb org.springframework.data:spring-data-mongodb org.mongodb:mongodb-driver-sync org.mongodb:mongodb-driver-reactivestreams org.mongodb:mongodb-driver-legacy org.mongodb:mongodb-driver-kotlin-coroutine org.mongodb:mongodb-driver-kotlin-sync org.mongodb:mongo-java-driver io.quarkus:quarkus-mongodb-client io.quarkus:quarkus-mongodb-panache io.quarkus:quarkus-mongodb-panache-kotlin io.micronaut.mongodb:micronaut-mongo-sync io.micronaut.mongodb:micronaut-mongo-reactive io.micronaut.data:micronaut-data-mongodb io.vertx:vertx-mongo-client org.litote.kmongo:kmongo org.litote.kmongo:kmongo-coroutine dev.morphia.morphia:morphia-core",
    redis="org.springframework.boot:spring-boot-starter-data-redis org.springframework.boot:spring-boot-starter-data-redis-reactive org.springframework.boot:spring-boot-starter-session-data-redis org.springframework.data:spring-data-redis redis.clients:jedis io.lettuce:lettuce-core org.redisson:redisson org.redisson:redisson-spring-boot-starter io.quarkus:quarkus-redis-client io.quarkus:quarkus-redis-cache org.springframework.session:spring-session-data-redis io.micronaut.redis:micronaut-redis-lettuce io.vertx:vertx-redis-client",
    rabbitmq="org.springframework.boot:spring-boot-starter-amqp org.springframework.amqp:spring-rabbit org.springframework.cloud:spring-cloud-starter-stream-rabbit org.springframework.cloud:spring-cloud-stream-binder-rabbit org.springframework.cloud:spring-cloud-starter-bus-amqp com.rabbitmq:amqp-client io.quarkus:quarkus-messaging-rabbitmq io.quarkus:quarkus-smallrye-reactive-messaging-rabbitmq io.micronaut.rabbitmq:micronaut-rabbitmq io.vertx:vertx-rabbitmq-client",
    kafka="org.springframework.kafka:spring-kafka org.springframework.boot:spring-boot-starter-kafka org.springframework.cloud:spring-cloud-starter-stream-kafka org.springframework.cloud:spring-cloud-stream-binder-kafka org.springframework.cloud:spring-cloud-stream-binder-kafka-streams org.springframework.cloud:spring-cloud-starter-bus-kafka io.projectreactor.kafka:reactor-kafka org.apache.kafka:kafka-clients org.apache.kafka:kafka-streams io.quarkus:quarkus-messaging-kafka io.quarkus:quarkus-kafka-client io.quarkus:quarkus-kafka-streams io.quarkus:quarkus-smallrye-reactive-messaging-kafka io.micronaut.kafka:micronaut-kafka io.micronaut.kafka:micronaut-kafka-streams io.vertx:vertx-kafka-client",
    elasticsearch="org.springframework.boot:spring-boot-starter-data-elasticsearch org.springframework.boot:spring-boot-starter-elasticsearch org.springframework.data:spring-data-elasticsearch co.elastic.clients:elasticsearch-java org.elasticsearch.client:elasticsearch-rest-high-level-client org.elasticsearch.client:elasticsearch-rest-client org.elasticsearch.client:transport io.quarkus:quarkus-elasticsearch-rest-client io.quarkus:quarkus-elasticsearch-java-client io.quarkus:quarkus-hibernate-search-orm-elasticsearch org.hibernate.search:hibernate-search-backend-elasticsearch io.micronaut.elasticsearch:micronaut-elasticsearch",
    memcached="net.spy:spymemcached com.googlecode.xmemcached:xmemcached",
    nats="io.nats:jnats io.nats:nats-spring io.nats:nats-spring-boot-starter io.micronaut.nats:micronaut-nats",
    minio="io.minio:minio io.quarkiverse.minio:quarkus-minio",
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
    postgresql="pg activerecord-postgis-adapter", mysql="mysql2 trilogy activerecord-trilogy-adapter", mongodb="mongo mongoid",
    redis="redis sidekiq resque redis-rails hiredis redis-client resque-pool redis-store redis-actionpack redis-namespace redlock hiredis-client async-redis",
    rabbitmq="bunny sneakers hutch", kafka="ruby-kafka rdkafka karafka waterdrop racecar", elasticsearch="elasticsearch searchkick elasticsearch-rails elasticsearch-model chewy",
    memcached="dalli", nats="nats-pure",
)  # fmt: skip
RUST = _table(
    postgresql="tokio-postgres postgres deadpool-postgres bb8-postgres r2d2_postgres", mysql="mysql mysql_async", mongodb="mongodb",
    redis="redis fred deadpool-redis bb8-redis r2d2_redis rustis apalis-redis tower-sessions-redis-store", rabbitmq="lapin", kafka="rdkafka", elasticsearch="elasticsearch", memcached="memcache",
    nats="async-nats nats", minio="minio",
)  # fmt: skip
CSHARP = _table(
    postgresql="Npgsql Npgsql.DependencyInjection Npgsql.EntityFrameworkCore.PostgreSQL Aspire.Npgsql Aspire.Npgsql.EntityFrameworkCore.PostgreSQL Marten WolverineFx.Marten WolverineFx.Postgresql Hangfire.PostgreSql",
    mysql="MySql.Data MySqlConnector Pomelo.EntityFrameworkCore.MySql MySql.EntityFrameworkCore Aspire.MySqlConnector Aspire.Pomelo.EntityFrameworkCore.MySql",
    mongodb="MongoDB.Driver MongoDB.EntityFrameworkCore Aspire.MongoDB.Driver",
    redis="StackExchange.Redis StackExchange.Redis.Extensions.Core Microsoft.Extensions.Caching.StackExchangeRedis Microsoft.Extensions.Caching.Redis Microsoft.AspNetCore.SignalR.StackExchangeRedis Microsoft.AspNetCore.DataProtection.StackExchangeRedis Aspire.StackExchange.Redis Aspire.StackExchange.Redis.DistributedCaching Aspire.StackExchange.Redis.OutputCaching Hangfire.Redis.StackExchange ServiceStack.Redis CSRedisCore FreeRedis NRedisStack Redis.OM",
    rabbitmq="RabbitMQ.Client MassTransit.RabbitMQ EasyNetQ Aspire.RabbitMQ.Client Rebus.RabbitMq WolverineFx.RabbitMQ NServiceBus.RabbitMQ DotNetCore.CAP.RabbitMQ",
    kafka="Confluent.Kafka MassTransit.Kafka KafkaFlow Aspire.Confluent.Kafka WolverineFx.Kafka DotNetCore.CAP.Kafka",
    elasticsearch="Elastic.Clients.Elasticsearch Elasticsearch.Net NEST Aspire.Elastic.Clients.Elasticsearch",
    memcached="EnyimMemcachedCore", nats="NATS.Client NATS.Client.Core NATS.Net Aspire.NATS.Net", minio="Minio",
)  # fmt: skip
ELIXIR = _table(
    postgresql="postgrex", mysql="myxql mariaex", mongodb="mongodb_driver mongodb",
    redis="redix eredis exq verk phoenix_pubsub_redis hammer_backend_redis nebulex_redis_adapter toniq",
    rabbitmq="amqp broadway_rabbitmq", kafka="brod kaffe kafka_ex broadway_kafka", elasticsearch="elasticsearch snap elastix",
    memcached="memcachex", nats="gnat",
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
