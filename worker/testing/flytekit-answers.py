"""Asks the installed flytekit: each line of stdin is a case, each line of stdout its answer, both JSON."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings

from flytekit.constants import CopyFileDetection
from flytekit.image_spec.default_builder import create_docker_context
from flytekit.image_spec.image_spec import ImageSpec

warnings.simplefilter("ignore")


def value(v):
    kind = v["type"]
    if kind == "none":
        return None
    if kind in ("bool", "str"):
        return v["value"]
    if kind == "int":
        return int(v["text"])
    if kind == "float":
        return float(v["text"])
    if kind == "list":
        return [value(item) for item in v["items"]]
    if kind == "tuple":
        return tuple(value(item) for item in v["items"])
    if kind == "dict":
        return {value(key): value(item) for key, item in v["entries"]}
    if kind == "copy":
        return CopyFileDetection[v["name"]]
    return ImageSpec(**{name: value(field) for name, field in v["fields"]})


def write_files(folder, files):
    for name, text, executable in files:
        path = pathlib.Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
        path.chmod(0o755 if executable else 0o644)


def read_files(folder):
    found = {}
    for path in sorted(pathlib.Path(folder).rglob("*")):
        if path.is_file():
            found[str(path.relative_to(folder))] = [path.read_bytes().decode("utf-8"), os.access(path, os.X_OK)]
    return found


def answer(case):
    folder = case.get("folder") or tempfile.mkdtemp()
    os.makedirs(folder, exist_ok=True)
    os.chdir(folder)
    write_files(folder, case["files"])
    if case.get("git"):
        subprocess.run(["git", "init", "-q", "."], check=True)
    spec = value(case["spec"])
    out = {"id": spec.id, "tag": spec.tag, "name": spec.image_name()}
    if case.get("context"):
        if isinstance(spec.base_image, ImageSpec):
            spec.base_image = spec.base_image.image_name()
        context = tempfile.mkdtemp()
        create_docker_context(spec, pathlib.Path(context))
        out["context"] = read_files(context)
    return out


# A file, not the console: a terminal would change its text.
with open(sys.argv[1]) as cases, open(sys.argv[2], "w") as answers:
    for line in cases:
        try:
            result = answer(json.loads(line))
        except Exception as error:
            result = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(result) + "\n")
