# The chain bookclub every week, and each of its phases when somebody starts it. The lease lets one run of a pipeline go on at a time.
resource "azurerm_log_analytics_workspace" "this" {
  name                = var.name
  location            = azurerm_resource_group.this.location
  resource_group_name = azurerm_resource_group.this.name
  sku                 = "PerGB2018"
  retention_in_days   = 90
}

resource "azurerm_container_app_environment" "this" {
  name                           = var.name
  location                       = azurerm_resource_group.this.location
  resource_group_name            = azurerm_resource_group.this.name
  log_analytics_workspace_id     = azurerm_log_analytics_workspace.this.id
  infrastructure_subnet_id       = azurerm_subnet.jobs.id
  internal_load_balancer_enabled = true
  workload_profile {
    name                  = "Consumption"
    workload_profile_type = "Consumption"
  }
}

resource "azurerm_user_assigned_identity" "jobs" {
  name                = "${var.name}-jobs"
  location            = azurerm_resource_group.this.location
  resource_group_name = azurerm_resource_group.this.name
}

# The least each needs: pull this image, read these secrets, keep these images.
resource "azurerm_role_assignment" "jobs" {
  for_each = {
    AcrPull                         = azurerm_container_registry.this.id
    "Key Vault Secrets User"        = azurerm_key_vault.this.id
    "Storage Blob Data Contributor" = azurerm_storage_container.images.id
  }
  role_definition_name = each.key
  scope                = each.value
  principal_id         = azurerm_user_assigned_identity.jobs.principal_id
}

locals {
  jobs = merge({ bookclub = var.cron }, { for phase in var.phases : phase => null })
  settings = merge({
    AZURE_CLIENT_ID                = azurerm_user_assigned_identity.jobs.client_id
    CARAVAN_OBJECTS_ACCOUNT        = azurerm_storage_account.this.name
    CARAVAN_BOOKCLUB_IMAGES_OUTPUT = "azure://${azurerm_storage_container.images.name}"
  }, var.settings)
}

resource "azurerm_container_app_job" "this" {
  for_each                     = local.jobs
  name                         = each.key
  location                     = azurerm_resource_group.this.location
  resource_group_name          = azurerm_resource_group.this.name
  container_app_environment_id = azurerm_container_app_environment.this.id
  workload_profile_name        = "Consumption"
  # longer than any run; a run that is ended is resumed by the next
  replica_timeout_in_seconds = 14400
  replica_retry_limit        = 1

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.jobs.id]
  }
  registry {
    server   = azurerm_container_registry.this.login_server
    identity = azurerm_user_assigned_identity.jobs.id
  }
  dynamic "schedule_trigger_config" {
    for_each = each.value == null ? [] : [each.value]
    content {
      cron_expression          = schedule_trigger_config.value
      parallelism              = 1
      replica_completion_count = 1
    }
  }
  dynamic "manual_trigger_config" {
    for_each = each.value == null ? [1] : []
    content {
      parallelism              = 1
      replica_completion_count = 1
    }
  }
  dynamic "secret" {
    for_each = toset(values(var.secrets))
    content {
      name                = secret.value
      identity            = azurerm_user_assigned_identity.jobs.id
      key_vault_secret_id = "${azurerm_key_vault.this.vault_uri}secrets/${secret.value}"
    }
  }
  template {
    container {
      name   = "caravan"
      image  = "${azurerm_container_registry.this.login_server}/caravan:${var.image_tag}"
      cpu    = 1
      memory = "2Gi"
      args   = ["run", each.key]
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
          name        = env.key
          secret_name = env.value
        }
      }
      volume_mounts {
        name = "data"
        path = "/data"
      }
      volume_mounts {
        name = "tmp"
        path = "/tmp"
      }
    }
    volume {
      name         = "data"
      storage_type = "EmptyDir"
    }
    volume {
      name         = "tmp"
      storage_type = "EmptyDir"
    }
  }
}

output "registry" {
  value = azurerm_container_registry.this.login_server
}

output "resource_group" {
  value = azurerm_resource_group.this.name
}
