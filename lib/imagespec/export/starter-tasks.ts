import { readRequirement } from '@/lib/imagespec/lint/requirement';

/** A task and a workflow to begin with, as Python: they run on a laptop as well as in the image. */
export type StarterTask = {
  /** Lines of imports, those of Python itself first and set apart by an empty one. */
  imports: string[];
  fromFlytekit: string[];
  /** The task and the workflow `main`. `image_spec` is the image. */
  code: string;
  /** What a laptop needs beside Python. */
  needs: string | null;
};

const PLAIN: StarterTask = {
  imports: ['import platform', ''],
  fromFlytekit: ['task', 'workflow'],
  code: `@task(container_image=image_spec)
def greet(name: str) -> str:
    return f"Hello, {name}, from Python {platform.python_version()}."


@workflow
def main(name: str = "Flyte") -> str:
    return greet(name=name)
`,
  needs: null,
};

const PANDAS: StarterTask = {
  imports: ['import pandas as pd'],
  fromFlytekit: ['task', 'workflow'],
  code: `@task(container_image=image_spec)
def mean_price(prices: list[float]) -> float:
    frame = pd.DataFrame({"price": prices})
    return float(frame["price"].mean())


@workflow
def main(prices: list[float] = [9.5, 12.0, 15.5]) -> float:
    return mean_price(prices=prices)
`,
  needs: null,
};

const TORCH: StarterTask = {
  imports: ['import torch'],
  fromFlytekit: ['Resources', 'task', 'workflow'],
  code: `@task(container_image=image_spec, requests=Resources(cpu="2", mem="4Gi", gpu="1"))
def multiply(size: int) -> str:
    device = "cuda" if torch.cuda.is_available() else "cpu"
    matrix = torch.rand(size, size, device=device)
    return f"{(matrix @ matrix).shape[0]} rows on {device}"


@workflow
def main(size: int = 256) -> str:
    return multiply(size=size)
`,
  needs: null,
};

const SPARK: StarterTask = {
  imports: ['import flytekit', 'from flytekitplugins.spark import Spark'],
  fromFlytekit: ['task', 'workflow'],
  code: `@task(
    container_image=image_spec,
    task_config=Spark(
        spark_conf={
            "spark.driver.memory": "1g",
            "spark.executor.memory": "1g",
            "spark.executor.instances": "2",
        },
        executor_path="/usr/bin/python3",
        applications_path="local:///usr/local/bin/entrypoint.py",
    ),
)
def count_words(text: str) -> int:
    spark = flytekit.current_context().spark_session
    return spark.range(len(text.split())).count()


@workflow
def main(text: str = "one two three") -> int:
    return count_words(text=text)
`,
  needs: 'Java, version 17 or newer',
};

const BY_PACKAGE: readonly (readonly [name: string, task: StarterTask])[] = [
  ['flytekitplugins-spark', SPARK],
  ['torch', TORCH],
  ['pandas', PANDAS],
];

/** The task that shows the most of what the image holds. */
export function starterTask(lines: readonly string[]): StarterTask {
  const names = new Set(lines.map((line) => readRequirement(line)?.name));
  return BY_PACKAGE.find(([name]) => names.has(name))?.[1] ?? PLAIN;
}
