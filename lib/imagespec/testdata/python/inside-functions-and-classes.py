from flytekit import ImageSpec, task

REGISTRY = "ghcr.io/acme"
TWICE = "a"
TWICE = "b"


def make(name, packages=None):
    local = "x"
    return ImageSpec(name=name, registry=REGISTRY, packages=packages, base_image=local)


def constant():
    return ImageSpec(name="constant", registry=REGISTRY)


def rebound():
    return ImageSpec(name=TWICE)


made = make("x")
late = lambda name: ImageSpec(name=name)
many = {name: ImageSpec(name=name) for name in ("a", "b")}
listed = [ImageSpec(name="in-list")]
generated = dict((name, ImageSpec(name=name)) for name in ("a", "b"))


class Images:
    name = "attribute"
    one = ImageSpec(name=name)

    @task(container_image=one)
    def method(self): ...


@task(container_image=made)
def uses_made(): ...


@task(container_image=many["a"])
def uses_many(): ...


@task(container_image=Images.one)
def uses_attribute(): ...


def outer():
    @task
    def inner(): ...
