import protobuf from 'protobufjs';

/** The fields of a message. */
export type Fields = Record<string, unknown>;

/** Bytes to fields and back, for one type of message. */
export type Codec = {
  write: (value: Fields) => Buffer;
  read: (bytes: Uint8Array) => Fields;
};

/** Reads message definitions (proto3, without the `syntax` line), and gives the codec of each by its name. */
export function codecs(definitions: string): (name: string) => Codec {
  const { root } = protobuf.parse(
    `syntax = "proto3"; package messages; ${definitions}`,
    { keepCase: true },
  );
  return (name) => {
    const type = root.lookupType(`messages.${name}`);
    return {
      write: (value) => Buffer.from(type.encode(value).finish()),
      // Absent fields are there with their zero, as proto3 means them; 64-bit numbers are numbers.
      read: (bytes) =>
        type.toObject(type.decode(bytes), {
          longs: Number,
          defaults: true,
          arrays: true,
          objects: true,
        }),
    };
  };
}
