from flytekit import ImageSpec, task

PACKAGES = ["scipy"]

base = ImageSpec(name="base", packages=["pandas"], registry="ghcr.io/acme")
more = base.with_packages("numpy").with_packages(PACKAGES).with_apt_packages(["git", "curl"])
commands = ImageSpec(name="direct").with_commands("echo a").with_commands(commands=["echo b"])
forced = base.force_push()
runtime = base.with_runtime_packages(["ipdb"])
copied = base.with_copy("data")
bad = base.with_packages(("tuple",))
unknown = base.with_packages(extra())
other = base.with_overrides(container_image="x")


@task(container_image=base)
def one(): ...


@task(container_image=more)
def two(): ...


@task(container_image=base.with_packages(["inline"]))
def three(): ...


base = base.with_packages("again")


@task(container_image=base)
def four(): ...
