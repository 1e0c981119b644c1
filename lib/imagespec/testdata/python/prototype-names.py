from flytekit import ImageSpec, task

__proto__ = "ghcr.io/acme"
constructor = {"__proto__": "polluted", "toString": "x"}
hasOwnProperty = ["a"]

image = ImageSpec(name="constructor", registry=__proto__, env=constructor, packages=hasOwnProperty)
bad = ImageSpec(name="a", __proto__={"name": "x"}, constructor="y", toString=toString)
valueOf = ImageSpec(**{"__proto__": "z", "name": "b"})


@task(container_image=image, __proto__=image)
def __proto__(): ...
