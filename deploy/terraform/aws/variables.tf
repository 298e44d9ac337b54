variable "name" {
  description = "What everything is called; lower case letters, digits and hyphens."
  type        = string
  default     = "caravan"
}

variable "region" {
  description = "Where everything is."
  type        = string
}

variable "vpc_id" {
  description = "The network that the tasks and the database are in."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets of that network, with a way out (a NAT, or endpoints of the services)."
  type        = list(string)
}

variable "image_tag" {
  description = "The tag that the schedule runs; tags are never written twice."
  type        = string
}

variable "datasets" {
  description = "Datasets and when they run, in UTC: a cron or rate expression of EventBridge Scheduler."
  type        = map(string)
  default     = { bcra_infomondia_series = "cron(0 6 * * ? *)" }
}

variable "settings" {
  description = "More environment variables of the tasks, none of them secret."
  type        = map(string)
  default     = {}
}
