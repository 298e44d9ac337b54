# One image, and a task for each dataset, by EventBridge's schedule or by the workflow deploy-ecs.
resource "aws_ecr_repository" "this" {
  name                 = var.name
  image_tag_mutability = "IMMUTABLE"
  image_scanning_configuration {
    scan_on_push = true
  }
  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = aws_kms_key.this.arn
  }
}

resource "aws_ecr_lifecycle_policy" "this" {
  repository = aws_ecr_repository.this.name
  policy = jsonencode({
    rules = [{
      rulePriority = 1
      description  = "the newest twenty"
      selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 20 }
      action       = { type = "expire" }
    }]
  })
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/ecs/${var.name}"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.this.arn
}

resource "aws_ecs_cluster" "this" {
  name = var.name
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_security_group" "task" {
  #checkov:skip=CKV2_AWS_5:the schedule and the workflow name it
  name        = "${var.name}-task"
  description = "Tasks: nothing comes in"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.task.id
  description       = "The services of AWS, and the publishers of workbooks"
  cidr_ipv4         = "0.0.0.0/0"
  from_port         = 443
  to_port           = 443
  ip_protocol       = "tcp"
}

resource "aws_vpc_security_group_egress_rule" "database" {
  security_group_id            = aws_security_group.task.id
  description                  = "PostgreSQL"
  referenced_security_group_id = aws_security_group.database.id
  from_port                    = 5432
  to_port                      = 5432
  ip_protocol                  = "tcp"
}

locals {
  environment = merge({
    # rds.force_ssl wants TLS; the authority of RDS is not in Java's store, so name its file here to check the server too
    CARAVAN_LEDGER_URI           = "jdbc:postgresql://${aws_db_instance.this.endpoint}/caravan?sslmode=require"
    CARAVAN_LEDGER_USER          = aws_db_instance.this.username
    CARAVAN_WAREHOUSE_URI        = "jdbc:postgresql://${aws_db_instance.this.endpoint}/caravan?sslmode=require"
    CARAVAN_WAREHOUSE_USER       = aws_db_instance.this.username
    CARAVAN_DATABASE_CONNECTIONS = "3"
    AWS_REGION                   = var.region
    SNS_PROJECTION_TOPIC_ARN     = aws_sns_topic.published.arn
  }, var.settings)
  password = "${aws_db_instance.this.master_user_secret[0].secret_arn}:password::"
}

resource "aws_ecs_task_definition" "this" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }
  # Fargate gives a volume the owner and mode that the image's VOLUME has
  volume {
    name = "data"
  }
  volume {
    name = "tmp"
  }
  container_definitions = jsonencode([{
    name                   = var.name
    image                  = "${aws_ecr_repository.this.repository_url}:${var.image_tag}"
    essential              = true
    readonlyRootFilesystem = true
    user                   = "10001"
    stopTimeout            = 30
    linuxParameters        = { initProcessEnabled = true }
    mountPoints = [
      { sourceVolume = "data", containerPath = "/data", readOnly = false },
      { sourceVolume = "tmp", containerPath = "/tmp", readOnly = false },
    ]
    environment = [for name in sort(keys(local.environment)) : { name = name, value = local.environment[name] }]
    secrets = [
      { name = "CARAVAN_LEDGER_PASSWORD", valueFrom = local.password },
      { name = "CARAVAN_WAREHOUSE_PASSWORD", valueFrom = local.password },
    ]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this.name
        awslogs-region        = var.region
        awslogs-stream-prefix = "ecs"
      }
    }
  }])
}

resource "aws_scheduler_schedule" "dataset" {
  for_each            = var.datasets
  name                = "${var.name}-${replace(each.key, "_", "-")}"
  schedule_expression = each.value
  kms_key_arn         = aws_kms_key.this.arn
  flexible_time_window {
    mode = "OFF"
  }
  target {
    arn      = aws_ecs_cluster.this.arn
    role_arn = aws_iam_role.scheduler.arn
    ecs_parameters {
      task_definition_arn = aws_ecs_task_definition.this.arn
      launch_type         = "FARGATE"
      network_configuration {
        subnets          = var.subnet_ids
        security_groups  = [aws_security_group.task.id]
        assign_public_ip = false
      }
    }
    input = jsonencode({
      containerOverrides = [{ name = var.name, environment = [{ name = "DATASET_ID", value = each.key }] }]
    })
    retry_policy {
      maximum_retry_attempts = 0
    }
  }
}
