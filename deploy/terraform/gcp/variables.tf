variable "project" {
  description = "The project that everything is in."
  type        = string
}

variable "region" {
  description = "Where everything is."
  type        = string
  default     = "europe-west3"
}

variable "name" {
  description = "What everything is called."
  type        = string
  default     = "caravan"
}

variable "image" {
  description = "The image, with its tag or digest; repositories are of the output repository."
  type        = string
}

variable "cron" {
  description = "When personalization runs: minute, hour, day of month, month, day of week."
  type        = string
  default     = "30 2 * * *"
}

variable "zone" {
  description = "The time zone of that."
  type        = string
  default     = "Etc/UTC"
}

variable "secrets" {
  description = "Environment variables whose values are secrets of the Secret Manager; put them in with: gcloud secrets versions add."
  type        = map(string)
  default = {
    CARAVAN_LEDGER_PASSWORD    = "caravan-ledger-password"
    CARAVAN_DOCUMENTS_PASSWORD = "caravan-documents-password"
    CARAVAN_GRAPH_PASSWORD     = "caravan-graph-password"
    CARAVAN_VECTORS_PASSWORD   = "caravan-vectors-password"
  }
}

variable "settings" {
  description = "Other environment variables: CARAVAN_LEDGER_URI, CARAVAN_DOCUMENTS_URI, CARAVAN_GRAPH_URI, CARAVAN_VECTORS_URI and their users."
  type        = map(string)
  default     = {}
}
