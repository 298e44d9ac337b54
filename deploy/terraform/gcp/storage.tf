# One key for what lies still.
resource "google_kms_key_ring" "this" {
  name     = var.name
  location = var.region
}

resource "google_kms_crypto_key" "this" {
  name            = var.name
  key_ring        = google_kms_key_ring.this.id
  rotation_period = "7776000s"
  lifecycle {
    prevent_destroy = true
  }
}

data "google_project" "this" {}

data "google_storage_project_service_account" "this" {}

data "google_bigquery_default_service_account" "this" {}

# The services that keep the data use the key in their own names.
resource "google_kms_crypto_key_iam_member" "services" {
  for_each = {
    storage  = data.google_storage_project_service_account.this.email_address
    bigquery = data.google_bigquery_default_service_account.this.email
    images   = "service-${data.google_project.this.number}@gcp-sa-artifactregistry.iam.gserviceaccount.com"
  }
  crypto_key_id = google_kms_crypto_key.this.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${each.value}"
}

resource "google_storage_bucket" "logs" {
  #checkov:skip=CKV_GCP_62:it holds the logs
  name                        = "${var.project}-${var.name}-logs"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  lifecycle_rule {
    condition {
      age = 90
    }
    action {
      type = "Delete"
    }
  }
  versioning {
    enabled = true
  }
}

# The events that are read.
resource "google_storage_bucket" "events" {
  name                        = "${var.project}-${var.name}-events"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  versioning {
    enabled = true
  }
  logging {
    log_bucket = google_storage_bucket.logs.name
  }
  encryption {
    default_kms_key_name = google_kms_crypto_key.this.id
  }
  depends_on = [google_kms_crypto_key_iam_member.services]
}

# The warehouse.
resource "google_bigquery_dataset" "warehouse" {
  dataset_id                 = var.name
  location                   = var.region
  delete_contents_on_destroy = false
  default_encryption_configuration {
    kms_key_name = google_kms_crypto_key.this.id
  }
  depends_on = [google_kms_crypto_key_iam_member.services]
}

resource "google_artifact_registry_repository" "this" {
  repository_id = var.name
  location      = var.region
  format        = "DOCKER"
  kms_key_name  = google_kms_crypto_key.this.id
  docker_config {
    immutable_tags = true
  }
  depends_on = [google_kms_crypto_key_iam_member.services]
}
