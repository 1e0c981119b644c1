try:
    from union import ImageSpec, task
except ImportError:
    from flytekit import ImageSpec, task

image = ImageSpec(name="either")


@task(container_image=image)
def work(): ...
