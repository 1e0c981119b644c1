from flytekit import ImageSpec

BASE = ["pandas", "numpy"]
EXTRA = ("scipy", "torch")
COMMON = dict(A="1", B="2")

spread = ImageSpec(name="spread", packages=[*BASE, *EXTRA, "x"])
summed = ImageSpec(name="summed", packages=BASE + ["y"], env={**COMMON, "B": "3", "C": "4"})
called = ImageSpec(name="called", env=dict(COMMON, D="5", **{"E": "6"}))
keywords = ImageSpec(**{"name": "keywords", "packages": ["z"]}, env=COMMON)
positional = ImageSpec("positional", "3.12")
parenthesised = (ImageSpec(name=("paren")))
nothing = ImageSpec(name="nothing", packages=None, env={}, apt_packages=[])
