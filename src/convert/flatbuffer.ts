/** A table of a flatbuffer (flatbuffers.dev, "Internals"). Fields are counted from 0 in the order of the schema. */
export interface FlatTable {
  /** A field of a signed whole number, or `fallback` where the table leaves it out. */
  int(field: number, bits: 8 | 16 | 32, fallback: number): number;
  bool(field: number): boolean;
  string(field: number): string;
  /** Null where the table leaves it out. */
  table(field: number): FlatTable | null;
  tables(field: number): FlatTable[];
  ints(field: number): number[];
  /** The bytes of a `[ubyte]` vector, as a view; empty where the table leaves it out. */
  bytes(field: number): Uint8Array;
}

/**
 * The root table of a flatbuffer.
 *
 * @throws RangeError where an offset points out of the bytes, which are then damaged or of another format.
 */
export function rootTable(bytes: Uint8Array): FlatTable {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return tableAt(view, view.getUint32(0, true));
}

function tableAt(view: DataView, position: number): FlatTable {
  const vtable = position - view.getInt32(position, true);
  const vtableSize = view.getUint16(vtable, true);

  /** Where a field's value begins; 0 = left out. */
  const at = (field: number): number => {
    const slot = 4 + 2 * field;
    const offset = slot < vtableSize ? view.getUint16(vtable + slot, true) : 0;
    return offset && position + offset;
  };
  const follow = (where: number): number => where + view.getUint32(where, true);

  /** First element and length of a vector. */
  const vector = (field: number): { first: number; length: number } => {
    const where = at(field);
    if (!where) return { first: 0, length: 0 };
    const start = follow(where);
    return { first: start + 4, length: view.getUint32(start, true) };
  };
  const bytes = (field: number): Uint8Array => {
    const { first, length } = vector(field);
    return new Uint8Array(view.buffer, view.byteOffset + first, length);
  };

  return {
    int(field, bits, fallback) {
      const where = at(field);
      if (!where) return fallback;
      if (bits === 8) return view.getInt8(where);
      return bits === 16 ? view.getInt16(where, true) : view.getInt32(where, true);
    },
    bool(field) {
      const where = at(field);
      return where !== 0 && view.getUint8(where) !== 0;
    },
    string: (field) => new TextDecoder().decode(bytes(field)),
    table(field) {
      const where = at(field);
      return where ? tableAt(view, follow(where)) : null;
    },
    tables(field) {
      const { first, length } = vector(field);
      return Array.from({ length }, (_, k) => tableAt(view, follow(first + 4 * k)));
    },
    ints(field) {
      const { first, length } = vector(field);
      return Array.from({ length }, (_, k) => view.getInt32(first + 4 * k, true));
    },
    bytes,
  };
}
