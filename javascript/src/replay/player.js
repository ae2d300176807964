// The clock of a replay: it runs, stands, and goes to another time.

/** Between two frames at most this long passes, in milliseconds, however slow the browser is. */
const MOST_MS = 200;

export class Player {
  /**
   * @param {number} minute To begin with.
   * @param {number} end Length of the run, in minutes.
   * @param {() => void} show Called when the time has changed, or when it begins or ends to run.
   */
  constructor(minute, end, show) {
    this.minute = minute;
    this.end = end;
    this.show = show;
    /** Minutes of the run in a second. */
    this.rate = 60;
    this.isPlaying = false;
    this.lastMs = 0;
  }

  /** @param {number} minute */
  goTo(minute) {
    this.minute = minute;
    this.show();
  }

  /**
   * Stop, and go some minutes further or back.
   *
   * @param {number} minutes
   */
  step(minutes) {
    this.isPlaying = false;
    this.goTo(Math.min(Math.max(Math.floor(this.minute) + minutes, 0), this.end));
  }

  /** Run, from the start if the end is reached; or stand. */
  toggle() {
    this.isPlaying = !this.isPlaying;
    if (this.isPlaying && this.minute >= this.end) this.minute = 0;
    this.lastMs = performance.now();
    this.show();
    if (this.isPlaying) requestAnimationFrame((now) => this.#advance(now));
  }

  /** @param {number} nowMs */
  #advance(nowMs) {
    if (!this.isPlaying) return;
    const passedMs = Math.min(nowMs - this.lastMs, MOST_MS);
    this.lastMs = nowMs;
    const minute = Math.min(this.minute + (this.rate * passedMs) / 1000, this.end);
    this.isPlaying = minute < this.end;
    this.goTo(minute);
    if (this.isPlaying) requestAnimationFrame((now) => this.#advance(now));
  }
}
