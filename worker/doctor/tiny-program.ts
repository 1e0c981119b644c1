/** Architectures a program can be made for, in the words of an image's platform. */
export const PROGRAM_ARCHITECTURES = ['amd64', 'arm64'] as const;
export type ProgramArchitecture = (typeof PROGRAM_ARCHITECTURES)[number];

type Settings = {
  /** What is printed each time. */
  text: Buffer;
  times: number;
  /** After each print; below 1,000. */
  pauseMs: number;
};

const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const LOAD_ADDRESS = 0x400000;
const MACHINES: Record<ProgramArchitecture, number> = { amd64: 62, arm64: 183 };

/**
 * A static Linux program (ELF64, little endian) that prints a text some times with pauses between, and ends with 0. It
 * runs in an image that holds nothing else, so that an engine can be tried without pulling a base.
 */
export function tinyProgram(
  architecture: ProgramArchitecture,
  settings: Settings,
): Buffer {
  const make = architecture === 'amd64' ? amd64Code : arm64Code;
  const timespec = Buffer.alloc(16);
  timespec.writeBigInt64LE(BigInt(settings.pauseMs) * 1_000_000n, 8);
  // Its own length does not depend on where the data lies.
  const length = make(settings, 0, 0).length;
  const pauseAt = Math.ceil(length / 8) * 8;
  const code = Buffer.alloc(pauseAt);
  make(settings, pauseAt, pauseAt + timespec.length).copy(code);
  const body = Buffer.concat([code, timespec, settings.text]);
  return Buffer.concat([headers(architecture, body.length), body]);
}

function headers(architecture: ProgramArchitecture, bodyBytes: number): Buffer {
  const size = HEADER_BYTES + PROGRAM_HEADER_BYTES;
  const head = Buffer.alloc(size);
  // e_ident: magic, 64 bit, little endian, version 1.
  head.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  head.writeUInt16LE(2, 16);
  head.writeUInt16LE(MACHINES[architecture], 18);
  head.writeUInt32LE(1, 20);
  head.writeBigUInt64LE(BigInt(LOAD_ADDRESS + size), 24);
  head.writeBigUInt64LE(BigInt(HEADER_BYTES), 32);
  head.writeUInt16LE(HEADER_BYTES, 52);
  head.writeUInt16LE(PROGRAM_HEADER_BYTES, 54);
  head.writeUInt16LE(1, 56);
  // One loadable segment, readable and executable: the whole file.
  const segment = HEADER_BYTES;
  head.writeUInt32LE(1, segment);
  head.writeUInt32LE(5, segment + 4);
  head.writeBigUInt64LE(BigInt(LOAD_ADDRESS), segment + 16);
  head.writeBigUInt64LE(BigInt(LOAD_ADDRESS), segment + 24);
  head.writeBigUInt64LE(BigInt(size + bodyBytes), segment + 32);
  head.writeBigUInt64LE(BigInt(size + bodyBytes), segment + 40);
  head.writeBigUInt64LE(0x1000n, segment + 48);
  return head;
}

const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return [...bytes];
};

/** Offsets are from the start of the code. */
function amd64Code(
  { text, times }: Settings,
  pauseAt: number,
  textAt: number,
): Buffer {
  const code: number[] = [];
  const push = (...bytes: number[]) => void code.push(...bytes);
  /** lea register, [rip + to] */
  const lea = (register: number, to: number) =>
    push(0x48, 0x8d, register, ...int32(to - (code.length + 7)));
  const syscall = (number: number, ...before: (() => void)[]) => {
    for (const step of before) step();
    push(0xb8, ...int32(number), 0x0f, 0x05);
  };
  push(0x41, 0xbc, ...int32(times)); // mov r12d, times
  const loop = code.length;
  syscall(
    1, // write(1, text, length)
    () => push(0xbf, ...int32(1)),
    () => lea(0x35, textAt),
    () => push(0xba, ...int32(text.length)),
  );
  syscall(
    35, // nanosleep(pause, null)
    () => lea(0x3d, pauseAt),
    () => push(0x31, 0xf6),
  );
  push(0x41, 0xff, 0xcc); // dec r12d
  push(0x0f, 0x85, ...int32(loop - (code.length + 6))); // jnz loop
  syscall(60, () => push(0x31, 0xff)); // exit(0)
  return Buffer.from(code);
}

/** Offsets are from the start of the code. */
function arm64Code(
  { text, times }: Settings,
  pauseAt: number,
  textAt: number,
): Buffer {
  const code: number[] = [];
  const word = (value: number) => void code.push(value >>> 0);
  const movz = (register: number, value: number) =>
    word(0xd2800000 | (value << 5) | register);
  /** A value of up to 32 bits. */
  const load = (register: number, value: number) => {
    movz(register, value & 0xffff);
    word(0xf2a00000 | ((value >>> 16) << 5) | register);
  };
  const adr = (register: number, to: number) => {
    const offset = to - code.length * 4;
    word(
      0x10000000 |
        ((offset & 3) << 29) |
        (((offset >> 2) & 0x7ffff) << 5) |
        register,
    );
  };
  const svc = (number: number) => {
    movz(8, number);
    word(0xd4000001);
  };
  load(19, times);
  const loop = code.length;
  movz(0, 1);
  adr(1, textAt);
  load(2, text.length);
  svc(64); // write
  adr(0, pauseAt);
  movz(1, 0);
  svc(101); // nanosleep
  word(0xf1000673); // subs x19, x19, #1
  word(0x54000001 | (((loop - code.length) & 0x7ffff) << 5)); // b.ne loop
  movz(0, 0);
  svc(93); // exit
  const bytes = Buffer.alloc(code.length * 4);
  code.forEach((value, index) => bytes.writeUInt32LE(value, index * 4));
  return bytes;
}
