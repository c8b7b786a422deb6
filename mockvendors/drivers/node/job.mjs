// The process of one job, seen from the driver.

import { cancelled, driverError, Refused } from './errors.mjs';
import { endsJob } from './session.mjs';

/** The variable that tells a job's process where to call, and what to load. */
export const JOB = 'MOCKVENDORS_NODE_JOB';

/** Answers requests like a session; `socket` leads to the job's process, `ending()` tells whether the driver itself ends. */
export class Job {
  #open = new Map();
  #waiting = null;
  #over = false; // its end was asked for, or told

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
    if (this.#over) return Promise.resolve({ error: driverError(`no open session '${request.session}'`) });
    if (request.cmd === 'close' && endsJob(request.how)) this.#over = true;
    return new Promise((resolve) => {
      this.#open.set(request.id, resolve);
      this.#send(request);
    });
  }

  take(message) {
    if (message === undefined || this.#waiting === null) return;
    const { event, id, opened, ended, ...rest } = message;
    if (ended === true || opened === false) this.#over = true;
    if (ended === true) return;
    if (event !== undefined) return this.#waiting.tell(event, rest);
    if (opened === true) return this.#waiting.resolve({ session: this, identity: rest.identity });
    if (opened === false) return this.#waiting.reject(new Refused(rest.error));
    this.#open.get(id)?.(rest);
    this.#open.delete(id);
  }

  /** Its process ended. One that nobody asked to is the implementation's crash: the driver dies of it, as it would in one process. */
  gone() {
    this.#waiting?.over();
    for (const settle of this.#open.values()) settle({ error: cancelled('the job is over') });
    if (this.#waiting === null || this.#over || this.ending()) return;
    process.stderr.write("the job's process ended by itself\n");
    process.exit(70);
  }

  #send(message) {
    this.socket.write(`${JSON.stringify(message)}\n`);
  }
}
