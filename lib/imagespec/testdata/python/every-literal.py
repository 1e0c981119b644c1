import dataclasses
from dataclasses import replace

import flytekit
from flytekit import ImageSpec
from flytekit.constants import CopyFileDetection
from flytekit.constants import CopyFileDetection as Mode

loaded = ImageSpec(name="a", source_root="src", source_copy_mode=CopyFileDetection.LOADED_MODULES)
everything = ImageSpec(name="b", source_root="src", source_copy_mode=Mode.ALL)
nothing = ImageSpec(name="c", source_copy_mode=flytekit.constants.CopyFileDetection.NO_COPY)
no_member = ImageSpec(name="d", source_copy_mode=CopyFileDetection.SOME)
as_text = ImageSpec(name="e", source_copy_mode="ALL")
mounts = ImageSpec(name="f", pip_secret_mounts=[("/home/me/.netrc", "/root/.netrc"), ("key", "/root/key")])
mounts_as_lists = ImageSpec(name="g", pip_secret_mounts=[["a", "/b"]])
options = ImageSpec(
    name="h",
    builder_options={
        "int": 3,
        "float": 1.0,
        "none": None,
        "flag": True,
        "nested": {"list": [1, [2.5, ("x",)]], "empty": {}},
        1: "a key that is no text",
    },
)
merged_keys = ImageSpec(name="i", builder_options={"d": {1: "a", 1.0: "b", True: "c", 2: "d"}})
whole = ImageSpec(name="j", builder_options={"imagepull_secret_name": "ghcr", "retries": 3, "ratio": -0.5})
int_version = ImageSpec(name="k", python_version=3)
float_version = ImageSpec(name="l", python_version=3.12)
base = ImageSpec(name="Base", packages=["pandas"])
on_chain = ImageSpec(name="m", base_image=base.with_packages("numpy").with_apt_packages(["git"]))
on_two = ImageSpec(name="n", base_image=ImageSpec(name="o", base_image=ImageSpec(base_image="debian:12")))
on_dict = ImageSpec(name="p", base_image={"name": "q"})
replaced = dataclasses.replace(base, name="r", packages=["scipy"])
again = replace(replaced, env={"A": "b"}).with_packages("numpy")
open_base = ImageSpec(name=unknown, packages=["x"])
mended = replace(open_base, name="s")
no_spec = replace({}, name="t")
altered = ImageSpec(name="u")
altered.packages = ["late"]
on_altered = ImageSpec(name="v", base_image=altered)
from_altered = altered.with_packages("x")
