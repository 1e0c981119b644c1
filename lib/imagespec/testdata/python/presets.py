import functools
from functools import partial

import flytekit as fl
import union
from flytekit import Environment, ImageSpec, dynamic, task

from .actors import shared

image = ImageSpec(name="preset")
other = ImageSpec(name="other")

actor = union.ActorEnvironment(name="actor", replica_count=1, container_image=image)
environment = Environment(container_image=image)
gpu_task = partial(task, container_image=image, retries=2)
plain = functools.partial(fl.dynamic, retries=1)
options = {"container_image": other, "retries": 1}
text_options = {"container_image": "ghcr.io/acme/x:1"}


@actor.task
def on_actor(): ...


@actor.task(container_image=other)
def overridden(): ...


@environment
def bare_environment(): ...


@environment.dynamic()
def environment_dynamic(): ...


@gpu_task
def preset(): ...


@gpu_task(container_image=other)
def preset_overridden(): ...


@plain()
def preset_dynamic(): ...


@task(**text_options)
def from_dict(): ...


@task(**options)
def from_dict_of_spec(): ...


@shared.task
def on_shared_actor(): ...


@functools.cache
@task(container_image=image)
def stacked(): ...
