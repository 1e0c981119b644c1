/** Browsers draw no box higher than some 17 million pixels: a step of more lines is shown in parts of this many. */
export const PART_LINES = 500_000;
/** Lines that are drawn and measured together. */
export const BLOCK_LINES = 50;

/** Lines of a step that are in one scroll box: from `first`, `count` of them, by place from 0. */
export type StepPart = {
  part: number;
  parts: number;
  first: number;
  count: number;
};

/** Part `wanted` of a step of `total` lines, or the last when there are fewer. */
export function partOf(total: number, wanted: number): StepPart {
  const parts = Math.max(1, Math.ceil(total / PART_LINES));
  const part = Math.min(wanted, parts - 1);
  const first = part * PART_LINES;
  return { part, parts, first, count: Math.min(PART_LINES, total - first) };
}

/** How many lines block `block` of a part of `count` lines holds. */
export function linesInBlock(block: number, count: number): number {
  return Math.min(BLOCK_LINES, count - block * BLOCK_LINES);
}
