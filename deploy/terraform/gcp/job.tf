# personalization as a job of Cloud Run, every night.
resource "google_service_account" "job" {
  account_id   = "${var.name}-job"
  display_name = "Runs pipelines"
}

resource "google_storage_bucket_iam_member" "job" {
  bucket = google_storage_bucket.events.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.job.member
}

resource "google_bigquery_dataset_iam_member" "job" {
  dataset_id = google_bigquery_dataset.warehouse.dataset_id
  role       = "roles/bigquery.dataEditor"
  member     = google_service_account.job.member
}

# jobs of BigQuery belong to the project, so this right does too
resource "google_project_iam_member" "job" {
  project = var.project
  role    = "roles/bigquery.jobUser"
  member  = google_service_account.job.member
}

resource "google_secret_manager_secret" "this" {
  for_each  = toset(values(var.secrets))
  secret_id = each.value
  replication {
    auto {}
  }
}

resource "google_secret_manager_secret_iam_member" "job" {
  for_each  = google_secret_manager_secret.this
  secret_id = each.value.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.job.member
}

locals {
  settings = merge({
    CARAVAN_PERSONALIZATION_INPUT = "gs://${google_storage_bucket.events.name}"
    CARAVAN_WAREHOUSE_KIND        = "bigquery"
    CARAVAN_WAREHOUSE_PROJECT     = var.project
    CARAVAN_WAREHOUSE_DATASET     = google_bigquery_dataset.warehouse.dataset_id
    CARAVAN_VECTORS_KIND          = "milvus"
  }, var.settings)
}

resource "google_cloud_run_v2_job" "this" {
  name                = "${var.name}-personalization"
  location            = var.region
  deletion_protection = false
  template {
    task_count = 1
    template {
      service_account = google_service_account.job.email
      max_retries     = 1
      timeout         = "14400s"
      containers {
        image = var.image
        args  = ["run", "personalization"]
        resources {
          limits = { cpu = "1", memory = "2Gi" }
        }
        dynamic "env" {
          for_each = local.settings
          content {
            name  = env.key
            value = env.value
          }
        }
        dynamic "env" {
          for_each = var.secrets
          content {
            name = env.key
            value_source {
              secret_key_ref {
                secret  = google_secret_manager_secret.this[env.value].secret_id
                version = "latest"
              }
            }
          }
        }
        volume_mounts {
          name       = "data"
          mount_path = "/data"
        }
      }
      volumes {
        name = "data"
        empty_dir {
          medium     = "MEMORY"
          size_limit = "256Mi"
        }
      }
    }
  }
}

resource "google_service_account" "scheduler" {
  account_id   = "${var.name}-scheduler"
  display_name = "Starts the job, and may no more"
}

resource "google_cloud_run_v2_job_iam_member" "scheduler" {
  name     = google_cloud_run_v2_job.this.name
  location = var.region
  role     = "roles/run.invoker"
  member   = google_service_account.scheduler.member
}

resource "google_cloud_scheduler_job" "this" {
  name             = "${var.name}-personalization"
  region           = var.region
  schedule         = var.cron
  time_zone        = var.zone
  attempt_deadline = "60s"
  retry_config {
    retry_count = 0
  }
  http_target {
    http_method = "POST"
    uri         = "https://run.googleapis.com/v2/${google_cloud_run_v2_job.this.id}:run"
    oauth_token {
      service_account_email = google_service_account.scheduler.email
    }
  }
}

output "events" {
  value = google_storage_bucket.events.url
}

output "repository" {
  value = google_artifact_registry_repository.this.id
}
