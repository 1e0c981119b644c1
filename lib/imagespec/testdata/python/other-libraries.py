import celery
import prefect
from prefect import task
from somewhere import ImageSpec

app = celery.Celery()
image = ImageSpec(name="not-flytekit")


@task(container_image=image)
def prefect_task(): ...


@prefect.task
def another(): ...


@app.task
def celery_task(): ...
