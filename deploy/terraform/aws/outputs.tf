# Named as the workflow deploy-ecs wants them.
output "ECR_REPOSITORY" {
  value = aws_ecr_repository.this.name
}

output "ECS_CLUSTER" {
  value = aws_ecs_cluster.this.name
}

output "ECS_TASK_DEFINITION" {
  value = aws_ecs_task_definition.this.family
}

output "ECS_SUBNET_IDS" {
  value = join(",", var.subnet_ids)
}

output "ECS_SECURITY_GROUP_IDS" {
  value = aws_security_group.task.id
}

output "bucket" {
  value = aws_s3_bucket.data.id
}

output "lock_table" {
  value = aws_dynamodb_table.locks.name
}
