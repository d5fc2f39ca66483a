resource "google_pubsub_topic" "this" {
  name = local.prefix

  depends_on = [google_project_service.this]
}

resource "google_pubsub_topic" "dead_letter" {
  name = "${local.prefix}-dead-letter"

  depends_on = [google_project_service.this]
}

resource "google_pubsub_subscription" "this" {
  name = local.prefix
  topic = google_pubsub_topic.this.id
  # Seconds that a subscriber has before the message is sent again.
  ack_deadline_seconds = 60

  dead_letter_policy {
    dead_letter_topic = google_pubsub_topic.dead_letter.id
    # A message that failed five times is not going to succeed by itself.
    max_delivery_attempts = 5
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  # Never: by default a subscription that nobody reads for 31 days is deleted.
  expiration_policy {
    ttl = ""
  }
}

# Pub/Sub itself moves dead messages, as its own service account.
locals {
  pubsub_agent = "serviceAccount:service-${data.google_project.current.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}

resource "google_pubsub_topic_iam_member" "dead_letter" {
  topic = google_pubsub_topic.dead_letter.id
  role = "roles/pubsub.publisher"
  member = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "dead_letter" {
  subscription = google_pubsub_subscription.this.id
  role = "roles/pubsub.subscriber"
  member = local.pubsub_agent
}

# Without a subscription a topic keeps nothing.
resource "google_pubsub_subscription" "dead_letter" {
  name = "${local.prefix}-dead-letter"
  topic = google_pubsub_topic.dead_letter.id

  expiration_policy {
    ttl = ""
  }
}
