resource "aws_sqs_queue" "this" {
  name = local.prefix
  sqs_managed_sse_enabled = true
  # Long polling: fewer empty answers to pay for.
  receive_wait_time_seconds = 20

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letter.arn
    # A message that failed five times is not going to succeed by itself.
    maxReceiveCount = 5
  })
}

resource "aws_sqs_queue" "dead_letter" {
  name = "${local.prefix}-dead-letter"
  sqs_managed_sse_enabled = true
  # Seconds: fourteen days, the most that SQS keeps, to find out what went wrong.
  message_retention_seconds = 1209600
}
