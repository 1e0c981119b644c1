import os

from flytekit import ImageSpec, task

if os.environ.get("GPU"):
    image = ImageSpec(name="gpu")
    inside = ImageSpec(name="inside")

    @task(container_image=image)
    def in_branch(): ...

else:
    image = ImageSpec(name="cpu")

    @task(container_image=image)
    def in_other_branch(): ...


@task(container_image=image)
def after(): ...


@task(container_image=inside)
def only_one_place(): ...


image = ImageSpec(name="settled")


@task(container_image=image)
def settled(): ...


name = "outer"
for index in range(3):
    name = f"loop-{index}"
    looped = ImageSpec(name=name)

before = "a"
while before:
    seen = ImageSpec(name=before)
    before = "b"

with open("x") as handle:
    in_with = ImageSpec(name="in-with")
    bound = ImageSpec(name=handle)


@task(container_image=in_with)
def with_task(): ...


match before:
    case "a":
        matched = ImageSpec(name="a")
    case other:
        matched = ImageSpec(name=other)


@task(container_image=matched)
def match_task(): ...
