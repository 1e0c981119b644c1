from flytekit import ImageSpec

image = ImageSpec(
    name="crlf",
    env={"A": """x
y"""},
)other = ImageSpec(name="cr")
