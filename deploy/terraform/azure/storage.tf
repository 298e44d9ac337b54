data "azurerm_client_config" "here" {}

# The images of books.
resource "azurerm_storage_account" "this" {
  #checkov:skip=CKV_AZURE_59:the network rules let in the subnet of the jobs alone
  #checkov:skip=CKV_AZURE_33:nobody uses its queues
  #checkov:skip=CKV2_AZURE_33:the service endpoint of the subnet does the same for less
  #checkov:skip=CKV2_AZURE_1:covers of books; Microsoft's key is enough
  name                            = var.name
  location                        = azurerm_resource_group.this.location
  resource_group_name             = azurerm_resource_group.this.name
  account_tier                    = "Standard"
  account_replication_type        = "GRS"
  min_tls_version                 = "TLS1_2"
  https_traffic_only_enabled      = true
  allow_nested_items_to_be_public = false
  shared_access_key_enabled       = false
  local_user_enabled              = false
  blob_properties {
    versioning_enabled = true
    delete_retention_policy {
      days = 30
    }
    container_delete_retention_policy {
      days = 30
    }
  }
  network_rules {
    default_action             = "Deny"
    bypass                     = ["AzureServices"]
    virtual_network_subnet_ids = [azurerm_subnet.jobs.id]
  }
}

resource "azurerm_storage_container" "images" {
  #checkov:skip=CKV2_AZURE_21:covers of books
  name                  = "bookclub-images"
  storage_account_id    = azurerm_storage_account.this.id
  container_access_type = "private"
}

# Passwords and keys: who sets them up puts them in, so that they never stand in Terraform's state.
resource "azurerm_key_vault" "this" {
  #checkov:skip=CKV2_AZURE_32:the service endpoint of the subnet does the same for less
  name                       = var.name
  location                   = azurerm_resource_group.this.location
  resource_group_name        = azurerm_resource_group.this.name
  tenant_id                  = data.azurerm_client_config.here.tenant_id
  sku_name                   = "standard"
  enable_rbac_authorization  = true
  purge_protection_enabled   = true
  soft_delete_retention_days = 90
  network_acls {
    default_action             = "Deny"
    bypass                     = "AzureServices"
    virtual_network_subnet_ids = [azurerm_subnet.jobs.id]
  }
}

resource "azurerm_container_registry" "this" {
  #checkov:skip=CKV_AZURE_233:needs the tier Premium, ten times the price; set sku and this where it is wanted
  #checkov:skip=CKV_AZURE_237:needs the tier Premium, ten times the price; set sku and this where it is wanted
  #checkov:skip=CKV_AZURE_164:needs the tier Premium, ten times the price; set sku and this where it is wanted
  #checkov:skip=CKV_AZURE_165:needs the tier Premium, ten times the price; set sku and this where it is wanted
  #checkov:skip=CKV_AZURE_166:needs the tier Premium, ten times the price; set sku and this where it is wanted
  #checkov:skip=CKV_AZURE_139:needs the tier Premium, ten times the price; set sku and this where it is wanted
  #checkov:skip=CKV_AZURE_167:needs the tier Premium, ten times the price; set sku and this where it is wanted
  name                   = var.name
  location               = azurerm_resource_group.this.location
  resource_group_name    = azurerm_resource_group.this.name
  sku                    = "Standard"
  admin_enabled          = false
  anonymous_pull_enabled = false
}
