variable "subscription_id" {
  description = "Where everything is."
  type        = string
}

variable "name" {
  description = "What everything is called: 3 to 15 lower case letters and digits, as registries and storage accounts want them unique in the world."
  type        = string
}

variable "location" {
  description = "The region."
  type        = string
  default     = "westeurope"
}

variable "image_tag" {
  description = "The tag that the jobs run."
  type        = string
}

variable "cron" {
  description = "When the chain bookclub runs, in UTC: minute, hour, day of month, month, day of week."
  type        = string
  default     = "0 3 * * 1"
}

variable "phases" {
  description = "Phases that are jobs of their own too, to be started by hand."
  type        = set(string)
  default     = ["bookclub-extract", "bookclub-images", "bookclub-publish", "bookclub-graph"]
}

variable "secrets" {
  description = "Environment variables whose values are secrets of the key vault; put them in with: az keyvault secret set."
  type        = map(string)
  default = {
    CARAVAN_LEDGER_PASSWORD = "ledger-password"
    MONGODB_URI             = "mongodb-uri"
    NEO4J_PASSWORD          = "neo4j-password"
    GSHEET_JSON_BASE64      = "gsheet-json-base64"
    KEYS_JSON_BASE64        = "keys-json-base64"
  }
}

variable "settings" {
  description = "Other environment variables: CARAVAN_LEDGER_URI, CARAVAN_LEDGER_USER, NEO4J_URI, NEO4J_USERNAME, CARAVAN_BOOKCLUB_SPREADSHEET, ..."
  type        = map(string)
  default     = {}
}
