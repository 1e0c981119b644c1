from flytekit import ImageSpec

first = ImageSpec(name="first")
broken = """never closed
second = ImageSpec(name="second")

third = ImageSpec(name="third")
