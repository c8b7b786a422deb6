// The process of one job, seen from the driver.

import { cancelled, driverError, Refused, room } from './errors.mjs';
import { endsJob } from './session.mjs';

/** The variable that tells a job's process where to call, and what to load. */
export const JOB = 'MOCKVENDORS_NODE_JOB';

/** Answers requests like a session; `socket` leads to the job's process, `ending()` tells whether the driver itself ends. */
export class Job {
  #open = new Map();
  #waiting = null;
  #asked = false; // for its end
  #ended = false; // by itself: its room is gone, say

  constructor(socket, ending) {
    this.socket = socket;
    this.ending = ending;
  }

  begin(waiting) {
    this.#waiting = waiting ?? null;
    this.#send(waiting?.fields ?? { nobody: true });
  }

  /** Send a command, and return its reply without the id. */
  answer(request) {
    if (this.#asked) return Promise.resolve({ error: driverError(`no open session '${request.session}'`) });
    this.#asked = request.cmd === 'close' && endsJob(request.how);
    if (this.#ended) return Promise.resolve(this.#asked ? this.#closed() : { error: room('the job has ended by itself') });
    return new Promise((resolve) => {
      this.#open.set(request.id, resolve);
      this.#send(request);
    });
  }

  take(message) {
    if (message === undefined || this.#waiting === null) return;
    const { event, id, opened, ended, ...rest } = message;
    this.#ended ||= ended === true || opened === false;
    if (ended === true) return;
    if (event !== undefined) return this.#waiting.tell(event, rest);
    if (opened === true) return this.#waiting.resolve({ session: this, identity: rest.identity });
    if (opened === false) return this.#waiting.reject(new Refused(rest.error));
    this.#open.get(id)?.(rest);
    this.#open.delete(id);
  }

  /** Its process ended. One that nobody asked to is the implementation's crash: the driver dies of it, as it would in one process. */
  gone() {
    if (this.#asked) this.#waiting.over();
    for (const settle of this.#open.values()) settle({ error: cancelled('the job is over') });
    if (this.#waiting === null || this.#asked || this.#ended || this.ending()) return;
    process.stderr.write("the job's process ended by itself\n");
    process.exit(70);
  }

  #closed() {
    this.#waiting.over();
    return { ok: { closed_ms: 0 } };
  }

  #send(message) {
    this.socket.write(`${JSON.stringify(message)}\n`);
  }
}
