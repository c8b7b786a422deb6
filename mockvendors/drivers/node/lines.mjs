// JSON lines of a stream.

import { createInterface } from 'node:readline';

/** Yield each object; a line that is none is yielded as undefined. */
export async function* objects(stream) {
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
    let message;
    try {
      message = JSON.parse(line);
    } catch {
      message = undefined;
    }
    yield typeof message === 'object' && message !== null ? message : undefined;
  }
}
