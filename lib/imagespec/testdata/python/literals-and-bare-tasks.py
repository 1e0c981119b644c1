from flytekit import ImageSpec, task

image = ImageSpec(
    name="train",  # the repository
    registry="ghcr.io/acme",
    python_version="3.11",
    packages=["pandas==2.2.2", "scikit-learn"],
    apt_packages=["git"],
    env={"MODE": "prod", "10": "a", "9": "b"},
    commands=["echo hi"],
    platform="linux/amd64",
)


@task(container_image=image, retries=3)
def train(rows: int) -> int:
    return rows


@task
def report() -> None: ...


@task()
def clean() -> None: ...


@task(container_image="ghcr.io/acme/tools:1.4")
def convert() -> None: ...


@task(container_image="")
def empty() -> None: ...


@task(container_image="{{.image.gpu.fqn}}:{{.image.gpu.version}}")
def templated() -> None: ...
