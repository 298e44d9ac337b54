# The key of everything that lies still.
data "aws_caller_identity" "here" {}

resource "aws_kms_key" "this" {
  description         = "${var.name}: bucket, table, topic, queues, images, logs, database"
  enable_key_rotation = true
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Account"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.here.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "Logs"
        Effect    = "Allow"
        Principal = { Service = "logs.${var.region}.amazonaws.com" }
        Action    = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
        Resource  = "*"
      },
      {
        Sid       = "TopicToQueue"
        Effect    = "Allow"
        Principal = { Service = "sns.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
        Resource  = "*"
      },
    ]
  })
}

# Versions of datasets, and the objects that are read.
resource "aws_s3_bucket" "data" {
  #checkov:skip=CKV_AWS_18:CloudTrail's data events say the same, where an account has them
  #checkov:skip=CKV2_AWS_62:runs list the bucket, nobody waits for its events
  #checkov:skip=CKV_AWS_144:what is in it can be made again from its sources
  bucket_prefix = "${var.name}-"
}

resource "aws_s3_bucket_versioning" "data" {
  bucket = aws_s3_bucket.data.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  bucket = aws_s3_bucket.data.id
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.this.arn
    }
  }
}

resource "aws_s3_bucket_public_access_block" "data" {
  bucket                  = aws_s3_bucket.data.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_lifecycle_configuration" "data" {
  bucket = aws_s3_bucket.data.id
  rule {
    id     = "what-nobody-reads"
    status = "Enabled"
    filter {}
    noncurrent_version_expiration {
      noncurrent_days = 30
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

data "aws_iam_policy_document" "data" {
  statement {
    sid       = "OnlyByTls"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.data.arn, "${aws_s3_bucket.data.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "data" {
  bucket = aws_s3_bucket.data.id
  policy = data.aws_iam_policy_document.data.json
}

# The lock of datasets that say `lock.kind: dynamodb` (docs/series-locks.md).
resource "aws_dynamodb_table" "locks" {
  name         = "${var.name}-locks"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "lock_key"
  attribute {
    name = "lock_key"
    type = "S"
  }
  point_in_time_recovery {
    enabled = true
  }
  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.this.arn
  }
}

# Told of published datasets; the queue is what a subscriber reads, and a source of pipelines.
resource "aws_sns_topic" "published" {
  name              = "${var.name}-published"
  kms_master_key_id = aws_kms_key.this.arn
}

resource "aws_sqs_queue" "published" {
  name                       = "${var.name}-published"
  visibility_timeout_seconds = 300
  kms_master_key_id          = aws_kms_key.this.arn
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.refused.arn
    maxReceiveCount     = 5
  })
}

resource "aws_sqs_queue" "refused" {
  name                      = "${var.name}-refused"
  message_retention_seconds = 1209600
  kms_master_key_id         = aws_kms_key.this.arn
}

resource "aws_sqs_queue_policy" "published" {
  queue_url = aws_sqs_queue.published.id
  policy    = data.aws_iam_policy_document.published.json
}

data "aws_iam_policy_document" "published" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.published.arn]
    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_sns_topic.published.arn]
    }
  }
}

resource "aws_sns_topic_subscription" "published" {
  topic_arn            = aws_sns_topic.published.arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.published.arn
  raw_message_delivery = true
}
