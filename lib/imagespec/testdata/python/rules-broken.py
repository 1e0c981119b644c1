from flytekit import ImageSpec

scheme = ImageSpec(name="a", registry="https://ghcr.io/acme")
slash = ImageSpec(name="b", registry="ghcr.io/acme/")
spaces = ImageSpec(name="my image")
option = ImageSpec(name="c", packages=["pandas", "--index-url https://x"])
file = ImageSpec(name="d", packages=["-r requirements.txt"])
lines = ImageSpec(name="e", commands=["echo a\nUSER root"])
continued = ImageSpec(name="f", commands=["echo a && \\\n  echo b"])
