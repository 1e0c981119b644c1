import { describe, expect, it } from 'vitest';
import { combinations, replay, take, walkOrders } from './walk-orders';

const PROJECT = ['main.py', 'Z.md', 'pkg/mod.py', 'pkg/a/x', 'build/out.o'];

describe('walkOrders', () => {
  it('gives the order of a disk that sorts first: files before folders', () => {
    expect([...take(walkOrders(PROJECT, { sortsFiles: false }), 1)]).toEqual([
      ['Z.md', 'main.py', 'build/out.o', 'pkg/mod.py', 'pkg/a/x'],
    ]);
  });

  it.each([
    [true, 2],
    [false, 4],
  ])('gives each order once, files sorted: %s', (sortsFiles, count) => {
    const orders = [...walkOrders(PROJECT, { sortsFiles })];
    expect(orders).toHaveLength(count);
    expect(new Set(orders.map(String)).size).toBe(count);
    for (const order of orders) {
      expect([...order].sort()).toEqual([...PROJECT].sort());
    }
  });

  it('gives all 24 orders of four files, those that begin alike together', () => {
    const orders = [...walkOrders(['a', 'b', 'c', 'd'], { sortsFiles: false })];
    const texts = orders.map((order) => order.join(''));
    expect(new Set(texts).size).toBe(24);
    expect(texts).toEqual([...texts].sort());
  });

  it('never puts what is in a folder between the files of another', () => {
    for (const order of walkOrders(['a/1', 'a/2', 'b/1', 'b/2'], {
      sortsFiles: false,
    })) {
      expect(order.map(([folder]) => folder).join('')).toMatch(/^aabb|bbaa$/);
    }
  });

  it.each([
    ['files', (index: number) => String(index)],
    ['folders in each other', (index: number) => `${'d/'.repeat(index)}x`],
  ])('begins at once with many %s', (_, name) => {
    const count = name(1) === '1' ? 20_000 : 200;
    const paths = Array.from({ length: count }, (_one, index) => name(index));
    const orders = [...take(walkOrders(paths, { sortsFiles: false }), 3)];
    expect(new Set(orders.map(String)).size).toBe(count === 200 ? 1 : 3);
  });

  it('gives one order of nothing', () => {
    expect([...walkOrders([], { sortsFiles: false })]).toEqual([[]]);
  });
});

describe('combinations', () => {
  it('changes the last the fastest', () => {
    const all = combinations([() => ['a', 'b'], () => ['1', '2']]);
    expect([...all].map((one) => one.join(''))).toEqual([
      'a1',
      'a2',
      'b1',
      'b2',
    ]);
  });
});

describe('replay', () => {
  it('makes only what is asked for, and that once', () => {
    let made = 0;
    const numbers = (function* () {
      for (;;) yield (made += 1);
    })();
    const again = replay(numbers);
    expect([...take(again(), 3)]).toEqual([1, 2, 3]);
    expect([...take(again(), 2)]).toEqual([1, 2]);
    expect(made).toBe(3);
    expect([...take(again(), 4)]).toEqual([1, 2, 3, 4]);
    expect(made).toBe(4);
  });

  it('ends where the items do', () => {
    const again = replay(['a', 'b'].values());
    expect([[...again()], [...again()]]).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });
});
