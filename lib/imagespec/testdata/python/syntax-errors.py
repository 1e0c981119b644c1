from flytekit import ImageSpec, task

good = ImageSpec(name="good")

missing_comma = ImageSpec(name="bad" packages=["x"])

!pip install flytekit

print "python 2"

fine = ImageSpec(name="fine")

@task(container_image=fine)
def work():
    return 1 +

@task(container_image=good)
def other(): ...

unclosed = ImageSpec(name="never",

last = ImageSpec(name="last")
