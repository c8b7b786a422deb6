// The protocol's own way out: one JSON object a line, on a file descriptor that nothing else writes to.

import { writeSync } from 'node:fs';

export class Channel {
  #fd;
  #begin = performance.now();

  constructor(fd) {
    this.#fd = fd;
  }

  send(message) {
    let line = Buffer.from(`${JSON.stringify(message)}\n`);
    while (line.length > 0) line = line.subarray(this.#write(line));
  }

  event(session, event, fields) {
    this.send({ event, session, t_ms: Math.round(performance.now() - this.#begin), ...fields });
  }

  // A pipe whose reader is slow, and that somebody made non-blocking, takes nothing for now.
  #write(line) {
    try {
      return writeSync(this.#fd, line);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      return 0;
    }
  }
}
