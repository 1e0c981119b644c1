import flytekit
import flytekit as fl
import flytekit.image_spec as spec_module
import union
from flytekit import ImageSpec as Spec, dynamic as dyn
from flytekit.image_spec import ImageSpec
from flytekit.image_spec.image_spec import ImageSpec as Deep
from union import task as union_task

Alias = fl.ImageSpec

a = flytekit.ImageSpec(name="a")
b = fl.ImageSpec(name="b")
c = spec_module.ImageSpec(name="c")
d = union.ImageSpec(name="d")
e = Spec(name="e")
f = ImageSpec(name="f")
g = Deep(name="g")
h = Alias(name="h")


@flytekit.task(container_image=a)
def one(): ...


@fl.task(container_image=b)
def two(): ...


@union.task(container_image=d)
def three(): ...


@dyn(container_image=e)
def four(): ...


@union_task(container_image=h)
async def five(): ...


@fl.workflow
def flow(): ...
