const HEAD = 'from flytekit import ImageSpec, task\n';

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('\n');
}

/**
 * Files that aim at a reader's weak spots: nesting, error recovery, growth of values, and look-ups that grow with the
 * square of the file. `size` scales each of them.
 */
export function hostileFiles(size: number): Record<string, string> {
  return {
    'nested brackets': '['.repeat(size),
    'nested mixed brackets': '([{'.repeat(size),
    'closing brackets': ')'.repeat(size),
    'nested calls': `x = ${'f('.repeat(size)}`,
    'nested specs': `${HEAD}x = ${'ImageSpec(base_image='.repeat(size)}`,
    'balanced nested specs': `${HEAD}x = ${'ImageSpec(base_image='.repeat(300)}1${')'.repeat(300)}`,
    'unary operators': `x = ${'-'.repeat(size)}1`,
    'nested lambdas': `x = ${'lambda a: '.repeat(size)}1`,
    'nested f-strings': `x = ${'f"{'.repeat(size)}`,
    'nested conditions': `x = ${'1 if a else '.repeat(size)}1`,
    'nested blocks': lines(1000, (index) => `${' '.repeat(index)}if x:`),
    'nested classes': `${lines(200, (index) => `${' '.repeat(index)}class A${index}:`)}\n${' '.repeat(200)}x = 1`,
    'one long sum': `x = "a"${' + "a"'.repeat(size)}`,
    'one long chain': `${HEAD}x = ImageSpec()${'.with_packages("a")'.repeat(size)}`,
    'names side by side': 'a '.repeat(size),
    quotes: '"'.repeat(size),
    'triple quotes': '"""'.repeat(size),
    stars: '*'.repeat(size),
    'at signs': '@'.repeat(size),
    'soft keywords': 'match '.repeat(size),
    'empty lines': '\n'.repeat(size),
    'a huge integer': `${HEAD}ImageSpec(name=${'9'.repeat(size)})`,
    'many escapes': `${HEAD}ImageSpec(name="${'\\x41'.repeat(size)}")`,
    'doubling text': `${HEAD}a = "xxxxxxxx"\n${'a = a + a\n'.repeat(100)}ImageSpec(name=a)`,
    'doubling lists': `${HEAD}a = ["x"]\n${'a = [*a, *a]\n'.repeat(100)}ImageSpec(packages=a)`,
    'doubling dicts': `${HEAD}a = {"x": "y"}\n${'a = {"k": a, "l": a}\n'.repeat(100)}ImageSpec(env=a)`,
    'many additions': `${HEAD}a = []\n${'a += ["x"]\n'.repeat(size)}ImageSpec(packages=a)`,
    'many aliases': `${HEAD}a0 = [1]\n${lines(size, (index) => `a${index + 1} = a${index}`)}\nImageSpec(packages=a${size})`,
    'many changes': `${HEAD}a = []\n${'a.append(1)\nImageSpec(packages=a)\n'.repeat(size)}`,
    'many branches': `${HEAD}x = "a"\n${'if q: x = "b"\n'.repeat(size)}${'ImageSpec(name=x)\n'.repeat(size)}`,
    'exclusive branches': `${HEAD}if q:\n${'  x = "a"\n'.repeat(size)}else:\n${'  ImageSpec(name=x)\n'.repeat(size)}`,
    'rebinding in a loop': `${HEAD}for i in q:\n${'  x = "a"\n  ImageSpec(name=x)\n'.repeat(size)}`,
    'alternatives of alternatives': `${HEAD}${lines(30, (index) => `if q: s${index + 1} = s${index}\n`.repeat(30))}\n${'s30(name="a")\n'.repeat(size)}`,
    'global statements': `${HEAD}def f():\n${'  global x\n  x = 1\n'.repeat(size)}x = "a"\n${'ImageSpec(name=x)\n'.repeat(size)}`,
    'many specs and tasks': `${HEAD}${lines(size, (index) => `x = ImageSpec(name="a")\n@task(container_image=x)\ndef f${index}(): ...`)}`,
    'a chain over lines': `${HEAD}x = ImageSpec()\n${'x = x.with_packages("a")\n'.repeat(size)}`,
    'many arguments': `${HEAD}ImageSpec(${'name="a", '.repeat(size)})`,
    'many decorators': `${HEAD}${'@task\n'.repeat(size)}def f(): ...`,
    'one constant in every spec': `${HEAD}a = ["${'x'.repeat(size)}"]\n${'ImageSpec(packages=a)\n'.repeat(size)}`,
    'long names in every task': `${HEAD}class ${'A'.repeat(size)}:\n${lines(size, (index) => `  @task\n  def f${index}(): ...`)}`,
    'a self reference': `${HEAD}x = x\ny = [*y]\nz = z.with_packages("a")\nImageSpec(name=x, packages=y)\n@task(container_image=z)\ndef f(): ...`,
  };
}
