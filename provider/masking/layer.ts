// Pure: a text as bytes that know their origin. Each decoding of it is another layer over the same text.

/** Bytes, and for each the part of the text that it was read from. */
export interface Layer {
  readonly bytes: Uint8Array;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** Read from base64 or hexadecimal. */
  readonly isPacked?: boolean;
}

/** No UTF-8 text holds this byte: it separates what is not adjacent. */
export const separator = 0xff;

/** Collects the bytes of a layer; `room` is never exceeded. */
export interface LayerBuilder {
  put(byte: number, from: number, to: number): void;
  putCodePoint(point: number, from: number, to: number): void;
  finish(): Layer;
}

/** The first byte of a character, by how many follow it. */
const leads = [0, 0xc0, 0xe0, 0xf0];

export function buildLayer(room: number): LayerBuilder {
  const bytes = new Uint8Array(room);
  const from = new Uint32Array(room);
  const to = new Uint32Array(room);
  let size = 0;
  const put = (byte: number, start: number, end: number) => {
    bytes[size] = byte;
    from[size] = start;
    to[size] = end;
    size += 1;
  };
  const putCodePoint = (point: number, start: number, end: number) => {
    if (point < 0x80) return put(point, start, end);
    // Half a pair is written as every encoder writes it.
    const fit = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
    const tail = fit < 0x800 ? 1 : fit < 0x1_0000 ? 2 : 3;
    put((leads[tail] ?? 0) | (fit >> (6 * tail)), start, end);
    for (let rest = tail - 1; rest >= 0; rest -= 1) put(0x80 | ((fit >> (6 * rest)) & 0x3f), start, end);
    return undefined;
  };
  const finish = () => ({ bytes: bytes.subarray(0, size), from: from.subarray(0, size), to: to.subarray(0, size) });
  return { put, putCodePoint, finish };
}

/** The text itself, in UTF-8. */
export function readText(text: string): Layer {
  const layer = buildLayer(3 * text.length);
  for (let at = 0; at < text.length;) {
    const point = text.codePointAt(at) ?? 0;
    const next = at + (point > 0xffff ? 2 : 1);
    layer.putCodePoint(point, at, next);
    at = next;
  }
  return layer.finish();
}
