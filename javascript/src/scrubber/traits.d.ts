/** What Python and the time bar send each other: the traits of `ScrubberBar`. Times in minutes. */
export interface BarTraits {
  /** What is shown. */
  minute: number;
  /** How far the run has come; nothing beyond it can be chosen. */
  reached: number;
  /** Right end of the bar. */
  end: number;
  /** Length of a step. */
  step: number;
  /** Departures in each hour from the start. */
  trips: number[];
  /** Name of the bar. */
  label: string;
  /** Where the reader has dragged to, and when, in milliseconds; set by the bar. */
  wanted: { minute?: number; at?: number };
}
