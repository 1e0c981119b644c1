image = ImageSpec(name="snippet", packages=["pandas"])


@task(container_image=image)
def work(): ...
