from flytekit import *

image = ImageSpec(name="star")


@task(container_image=image)
def work(): ...
