from flytekit import (
    ImageSpec as Spec,  # renamed
    task,
)

first: Spec = Spec(name="annotated"); second = Spec(name="semicolon")

(walrus := Spec(name="walrus"))

a, *rest = "x", "y", "z"
star = Spec(name=a)

tupled = "x",
wrapped = Spec(name=tupled)

number = -1
negative = Spec(name="n", env={"A": f"{-1} {0x1F} {1_000} {1e3}"})

type Alias = int

名前 = "unicode"
unicode = Spec(name=名前, env={"語": "値"})


@task(container_image=first)
@task(container_image=second)
def twice(): ...


@task(
    container_image=first,
)
async def spread_out(
    value: int,
) -> int:
    return await value
