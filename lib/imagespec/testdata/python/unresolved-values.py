import os
from os import environ, getenv
from pathlib import Path

from flytekit import ImageSpec, task

from .images import shared
from settings import REGISTRY


def registry():
    return "ghcr.io/x"


environment = ImageSpec(name="a", registry=os.environ["REGISTRY"])
defaulted = ImageSpec(name="b", registry=os.getenv("REGISTRY", "ghcr.io/acme"))
short = ImageSpec(name="c", registry=environ.get("R"), base_image=getenv("B"))
imported = ImageSpec(name="d", registry=REGISTRY)
called = ImageSpec(name="e", registry=registry())
comprehension = ImageSpec(name="f", packages=[p for p in ("a", "b")])
conditional = ImageSpec(name="g", registry="a.io" if environment else "b.io")
formatted = ImageSpec(name=f"{registry()}-h")
padded = ImageSpec(name=f"{1:>3}")
file = ImageSpec(name="i", requirements=str(Path(__file__).parent / "r.txt"))
joined = ImageSpec(name="-".join(["j"]))
percent = ImageSpec(name="k-%s" % "x")
subscript = ImageSpec(name=["l"][0])
undefined = ImageSpec(name=NOWHERE)
unknown = ImageSpec(name="m", packages={"a", "b"})
binary = ImageSpec(name=b"n")
named = ImageSpec(name="\N{BULLET}")
partly = ImageSpec(name="o", packages=["pandas", os.environ["EXTRA"]])


@task(container_image=shared)
def from_another_file(): ...


@task(container_image=os.environ.get("IMAGE"))
def from_environment(): ...


@task(container_image=environment)
def with_open_spec(): ...


@task(container_image=shared.gpu)
def attribute(): ...


@task(container_image=["a"])
def wrong_type(): ...


@task(container_image=ImageSpec(name="p", registry=os.environ.get(key="R", default=None)))
def with_inline_spec(): ...


KEY = "VAR"
REGISTRY_FROM_ENVIRONMENT = os.environ.get(KEY, "ghcr.io/" + "acme")
through_a_constant = ImageSpec(name="q", registry=f"{REGISTRY_FROM_ENVIRONMENT}/team")
unknown_default = ImageSpec(name="r", registry=os.getenv("R", registry()))
unknown_name = ImageSpec(name="s", registry=os.getenv(registry()))
