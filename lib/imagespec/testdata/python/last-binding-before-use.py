from flytekit import ImageSpec, task

REGISTRY = "ghcr.io/one"
image = ImageSpec(name="first", registry=REGISTRY)


@task(container_image=image)
def first(): ...


REGISTRY = "ghcr.io/two"
image = ImageSpec(name="second", registry=REGISTRY)


@task(container_image=image)
def second(): ...


left, right = ImageSpec(name="left"), ImageSpec(name="right")
left, right = right, left


@task(container_image=left)
def swapped(): ...


same = other = ImageSpec(name="same")


@task(container_image=other)
def aliased(): ...


@task(container_image=later)
def too_early(): ...


later = ImageSpec(name="later")
