from flytekit import ImageSpec
from flytekit.constants import CopyFileDetection

conda = ImageSpec(name="a", conda_packages=["cudatoolkit"], conda_channels=["nvidia"])
cuda = ImageSpec(name="b", cuda="12.1", cudnn="8")
source = ImageSpec(name="c", source_root=".", source_copy_mode=CopyFileDetection.ALL)
copied = ImageSpec(name="d", copy=["data"])
pip = ImageSpec(name="e", pip_index="https://pypi.example.org/simple", pip_extra_args="--pre")
tagged = ImageSpec(name="f", tag_format="{spec_hash}-x")
builder = ImageSpec(name="g", builder="envd", packages=["x"])
runtime = ImageSpec(name="h", runtime_packages=["ipdb"])
unset = ImageSpec(name="i", cuda=None, conda_packages=None)
unknown = ImageSpec(name="j", colour="red")
twice = ImageSpec("k", name="k")
nested = ImageSpec(name="l", base_image=ImageSpec(name="inner", packages=["y"]))
base = ImageSpec(name="m")
on_base = ImageSpec(name="n", base_image=base)
