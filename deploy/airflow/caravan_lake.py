"""The lake's jobs of each agency every night, each in a pod: files to bronze, and bronze to silver.

Put it into the DAG folder and write the agencies below. The variable caravan_image of Airflow is the image; what the jobs need to know, such as
CARAVAN_LEDGER_URI, is in the ConfigMap caravan and the Secret caravan of the namespace etl-jobs. A task whose run somebody else holds (exit code 4)
is skipped; any other that failed is tried again, and Caravan's ledger makes that try go on where the last one ended.
"""

from datetime import datetime, timedelta

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import dag, task_group
from kubernetes.client import models as k8s

AGENCIES = ("10", "20")


def job(name, *arguments):
    """A pod that runs one job of Caravan."""
    return KubernetesPodOperator(
        task_id=name,
        name=name,
        namespace="etl-jobs",
        service_account_name="caravan",
        image="{{ var.value.caravan_image }}",
        arguments=["run", name, "--", *arguments],
        env_from=[
            k8s.V1EnvFromSource(config_map_ref=k8s.V1ConfigMapEnvSource(name="caravan")),
            k8s.V1EnvFromSource(secret_ref=k8s.V1SecretEnvSource(name="caravan")),
        ],
        container_resources=k8s.V1ResourceRequirements(
            requests={"cpu": "500m", "memory": "512Mi"}, limits={"cpu": "1", "memory": "1Gi"}
        ),
        security_context=k8s.V1PodSecurityContext(
            run_as_non_root=True, run_as_user=10001, fs_group=10001, seccomp_profile=k8s.V1SeccompProfile(type="RuntimeDefault")
        ),
        container_security_context=k8s.V1SecurityContext(
            read_only_root_filesystem=True, allow_privilege_escalation=False, capabilities=k8s.V1Capabilities(drop=["ALL"])
        ),
        volumes=[
            k8s.V1Volume(name="data", empty_dir=k8s.V1EmptyDirVolumeSource()),
            k8s.V1Volume(name="tmp", empty_dir=k8s.V1EmptyDirVolumeSource()),
        ],
        volume_mounts=[
            k8s.V1VolumeMount(name="data", mount_path="/data"),
            k8s.V1VolumeMount(name="tmp", mount_path="/tmp"),
        ],
        # a run that is stopped ends at its next batch, ten seconds at most
        termination_grace_period=60,
        on_finish_action="delete_succeeded_pod",
        skip_on_exit_code=[4],
    )


@dag(
    dag_id="caravan_lake",
    schedule="0 2 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=5), "execution_timeout": timedelta(minutes=60)},
)
def caravan_lake():
    @task_group
    def agency(agency):
        job("get-s3-files", "--agency-id", agency) >> job("bronze-to-silver", "--agency", f"agency-{agency}")

    for number in AGENCIES:
        agency.override(group_id=f"agency_{number}")(number)


caravan_lake()
